import Testing

@testable import Journal

/// A log's directory as readers see it who only read.
struct CoveredLogTests {
  @Test("a directory is read as far as its checkpoint covers it, while it is being written")
  func reading() throws {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 16 << 10))
    for number in 0..<300 {
      book.append(Book.entry(number))
      if number % 25 == 24 { book.write() }
    }
    #expect(book.tick() == nil)
    let log = try CoveredLog(storage: book.storage)
    for number in 300..<340 { book.append(Book.entry(number)) }
    book.write()
    #expect(log.size == 300 && log.firstIndex == 0)
    #expect(try log.root(of: 300) == naiveRoot(book.model[..<300]))
    #expect(try log.root(of: 257) == naiveRoot(book.model[..<257]))
    for index in [UInt64(0), 255, 256, 299] {
      #expect(try log.entry(at: index).bytes == book.model[Int(index)])
      try log.receipt(for: index).verify(
        entry: book.model[Int(index)], origin: Book.origin, keys: [book.parts.verifier])
    }
    #expect(#expect(throws: JournalError.self) { try log.entry(at: 300) }?.code == .notFound)
    #expect(#expect(throws: JournalError.self) { try log.receipt(for: 300) }?.code == .notFound)
    var read: [[UInt8]] = []
    try log.cursor(from: 290).read(below: log.size) { read.append(Array($0.bytes)) }
    #expect(read == Array(book.model[290..<300]))
    #expect(try CoveredLog.ownKey(in: book.storage) == book.parts.verifier)
  }

  @Test("a receipt under an older, cosigned checkpoint verifies, though the tiles have grown since")
  func older() throws {
    let book = try WitnessTests.book(200)
    let key = try WitnessTests.key()
    let old = try PublishedCheckpoint(parsing: book.storage.bytes(of: Checkpoint.path))
    let cosigned = SignedNote(
      text: old.note.text, signatures: old.note.signatures + [try WitnessTests.line(old.note.text, at: 5, by: key)])
    book.storage.setBytes(of: CosignedCheckpoint.path, cosigned.encoded)
    for number in 200..<900 { book.append(Book.entry(number)) }
    book.write()
    #expect(book.tick() == nil)
    let log = try CoveredLog(storage: book.storage, cosigned: true)
    #expect(log.size == 200)
    let receipt = try log.receipt(for: 123)
    try receipt.verify(entry: Book.entry(123), origin: Book.origin, keys: [book.parts.verifier])
    #expect(try Cosignature(under: SignedNote(parsing: receipt.note), by: key).seconds == 5)
  }

  @Test("what is not a log's directory is said to be none, and is not made one")
  func nothing() throws {
    let storage = SimulatedStorage()
    #expect(#expect(throws: JournalError.self) { try CoveredLog(storage: storage) }?.code == .notFound)
    #expect(#expect(throws: JournalError.self) { try CoveredLog(storage: storage, cosigned: true) }?.code == .notFound)
    #expect(try CoveredLog.ownKey(in: storage) == nil)
    storage.setBytes(of: KeyFile.verifierPath, Array("x\n".utf8))
    #expect(#expect(throws: JournalError.self) { try CoveredLog.ownKey(in: storage) }?.code == .key)
    storage.setBytes(of: Checkpoint.path, Array("x\n".utf8))
    #expect(#expect(throws: JournalError.self) { try CoveredLog(storage: storage) }?.code == .checkpoint)
    #expect(throws: StorageError.self) { try PosixStorage(existing: TemporaryDirectory().path) }
  }
}
