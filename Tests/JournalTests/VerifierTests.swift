import Synchronization
import Testing

@testable import Journal

/// The offline verifier: it passes what is whole and names the first entry that is not.
struct VerifierTests {
  /// A log of 700 entries in several segments, with checkpoints on the way.
  static func book() throws -> Book {
    let book = try Book(SimulatedStorage(), limits: Book.limits(segmentBytes: 32 << 10))
    for number in 0..<700 {
      book.append(Book.entry(number))
      if number % 20 == 19 { book.write() }
      if [40, 256, 300, 699].contains(number) {
        book.write()
        #expect(book.tick() == nil)
      }
    }
    return book
  }

  static func verify(_ book: Book, against outside: [[UInt8]] = []) throws(JournalError) -> VerificationReport {
    try LogVerifier(storage: book.storage, origin: Book.origin, keys: [book.parts.verifier]).verify(against: outside)
  }

  static func path(holding index: UInt64, in book: Book) throws -> String {
    try #require(book.parts.catalog.segment(holding: index)).path
  }

  @Test("a whole log passes, and the report counts it")
  func whole() throws {
    let book = try Self.book()
    let steps = Mutex<[WalkProgress]>([])
    let verifier = LogVerifier(storage: book.storage, origin: Book.origin, keys: [book.parts.verifier])
    let report = try verifier.verify { step in steps.withLock { $0.append(step) } }
    #expect(report.endIndex == 700 && report.firstIndex == 0 && report.unverifiedTail == nil)
    #expect(report.checkpoint.root == naiveRoot(book.model[...]))
    let last = steps.withLock { $0.last }
    #expect(last?.bytesDone == report.bytes && last?.bytesTotal == report.bytes && last?.nextIndex == 700)
  }

  @Test("an edited entry is named, although every checksum is right", arguments: [0, 17, 255, 256, 511, 699])
  func edited(index: Int) throws {
    let book = try Self.book()
    let path = try Self.path(holding: UInt64(index), in: book)
    try SegmentForger.rewrite(path, in: book) { pieces in
      for place in pieces.indices {
        let inside = index - Int(pieces[place].firstIndex)
        if pieces[place].entries.indices.contains(inside) { pieces[place].entries[inside].append(0) }
      }
    }
    let error = #expect(throws: JournalError.self) { try Self.verify(book) }
    #expect(error?.code == .damaged)
    #expect(error?.damage?.index == UInt64(index))
    #expect(error?.damage?.file == path)
  }

  @Test("an edited entry in the last tile is found already at start")
  func editedAtStart() throws {
    let book = try Self.book()
    try SegmentForger.rewrite(Self.path(holding: 690, in: book), in: book) { $0[$0.count - 1].entries[0] = [1] }
    let error = #expect(throws: JournalError.self) { try Book(book.storage.copy()) }
    #expect(error?.damage?.index == 680)
  }

  @Test(
    "an altered tile is found at every level",
    arguments: ["tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2"])
  func tiles(path: String) throws {
    let book = try Self.book()
    var bytes = book.storage.bytes(of: path)
    bytes[40] ^= 1
    book.storage.setBytes(of: path, bytes)
    let error = #expect(throws: JournalError.self) { try Self.verify(book) }
    #expect(error?.code == .damaged)
    book.storage.setBytes(of: path, bytes.dropLast(32))
    #expect(throws: JournalError.self) { try Self.verify(book) }
    book.storage.withDisk { _ = $0.names.removeValue(forKey: path) }
    #expect(throws: JournalError.self) { try Self.verify(book) }
  }

  @Test("a shortened log is found by its checkpoint")
  func shortened() throws {
    let book = try Self.book()
    let path = try Self.path(holding: 699, in: book)
    try SegmentForger.rewrite(path, in: book) { $0.removeLast() }
    let error = #expect(throws: JournalError.self) { try Self.verify(book) }
    #expect(error?.damage?.index == 680)
    book.storage.withDisk { _ = $0.names.removeValue(forKey: path) }
    #expect(throws: JournalError.self) { try Self.verify(book) }
  }

  @Test("a log whose segments are all gone is said to have none")
  func emptied() throws {
    let book = try Self.book()
    for path in book.storage.paths(under: "segments/") { try book.storage.remove(path) }
    let error = #expect(throws: JournalError.self) { try Self.verify(book) }
    #expect(error?.damage?.reason == "no segment is left, of a log whose checkpoint has the size 700")
    #expect(error?.damage?.index == 0)
  }

  @Test("a log rewritten by the holder of the key passes alone and fails against any checkpoint kept outside")
  func rewritten() throws {
    let book = try Self.book()
    let kept = book.storage.bytes(of: Checkpoint.path)
    let key = book.storage.bytes(of: KeyFile.path)
    let storage = SimulatedStorage()
    storage.setBytes(of: KeyFile.path, key)
    storage.withDisk { disk in if let inode = disk.names[KeyFile.path] { disk.inodes[inode]?.permissions = 0o600 } }
    let forged = try Book(storage)
    for number in 0..<700 {
      forged.append(number == 123 ? [0] : Book.entry(number))
      if number % 20 == 19 { forged.write() }
    }
    #expect(forged.tick() == nil)
    #expect(try Self.verify(forged).endIndex == 700)
    let error = #expect(throws: JournalError.self) { try Self.verify(forged, against: [kept]) }
    #expect(error?.code == .checkpoint)
    #expect(try Self.verify(book, against: [kept]).endIndex == 700)
  }

  @Test("an older checkpoint kept outside still fits, and one of a longer log does not")
  func outside() throws {
    let book = try Self.book()
    let old = book.storage.bytes(of: Checkpoint.path)
    for number in 700..<900 { book.append(Book.entry(number)) }
    book.write()
    #expect(book.tick() == nil)
    #expect(try Self.verify(book, against: [old]).checkpoint.size == 900)
    let longer = book.storage.bytes(of: Checkpoint.path)
    let short = try Self.book()
    short.storage.setBytes(of: Checkpoint.path, old)
    let key = book.parts.verifier
    let error = #expect(throws: JournalError.self) {
      try LogVerifier(storage: book.storage.copy(), origin: Book.origin, keys: []).verify(against: [longer])
    }
    #expect(error?.code == .checkpoint)
    let missing = book.storage.copy()
    missing.setBytes(of: Checkpoint.path, old)
    try missing.remove(#require(missing.paths(under: "segments/").last))
    #expect(throws: JournalError.self) {
      try LogVerifier(storage: missing, origin: Book.origin, keys: [key]).verify(against: [longer])
    }
  }

  @Test("what no checkpoint covers yet may be torn; it is reported and does no harm")
  func unverifiedTail() throws {
    let book = try Self.book()
    book.append([1, 2, 3])
    book.write()
    let path = try Self.path(holding: 700, in: book)
    book.storage.setBytes(of: path, book.storage.bytes(of: path).dropLast(2))
    let report = try Self.verify(book)
    #expect(report.endIndex == 700)
    #expect(report.unverifiedTail != nil)
  }

  @Test("a checkpoint signed by a stranger, or none, is refused")
  func stranger() throws {
    let book = try Self.book()
    let signer = try NoteSigner(name: Book.origin, seed: [UInt8](repeating: 4, count: 32))
    let text = try SignedNote(parsing: book.storage.bytes(of: Checkpoint.path)).text
    let note = SignedNote(text: text, signatures: [try signer.sign(text)])
    book.storage.setBytes(of: Checkpoint.path, note.encoded)
    #expect(throws: JournalError.self) { try Self.verify(book) }
    #expect(throws: JournalError.self) { try Book(book.storage.copy()) }
    book.storage.setBytes(of: Checkpoint.path, [1, 2])
    let malformed = #expect(throws: JournalError.self) { try Self.verify(book) }
    #expect(malformed?.message == "checkpoint: not a signed note")
    try book.storage.remove(Checkpoint.path)
    #expect(throws: JournalError.self) { try Self.verify(book) }
  }
}
