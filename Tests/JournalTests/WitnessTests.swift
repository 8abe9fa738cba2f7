import Testing

@testable import Journal

/// What the log says to witnesses, what it makes of their answers, and where it keeps them.
struct WitnessTests {
  static let seed = [UInt8](repeating: 3, count: 32)

  /// A witness's key.
  static func key(_ name: String = "witness.example/w1", seed: [UInt8] = seed) throws -> NoteVerifier {
    NoteVerifier(name: name, kind: .cosignature, publicKey: try #require(Ed25519.publicKey(seed: seed)))
  }

  /// What a witness signs, at a time in Unix seconds.
  static func line(
    _ text: String, at seconds: UInt64, by key: NoteVerifier, seed: [UInt8] = seed
  ) throws -> SignedNote.Signature {
    let signature = try #require(Ed25519.sign(NoteVerifier.cosigned(text, seconds: seconds), seed: seed))
    let time = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * UInt64($0))) }
    return SignedNote.Signature(keyName: key.name, keyID: key.keyID, bytes: time + signature)
  }

  /// A journal of some entries, published.
  static func book(_ count: Int) throws -> Book {
    let book = try Book(SimulatedStorage())
    for number in 0..<count { book.append(Book.entry(number)) }
    book.write()
    #expect(book.tick() == nil)
    return book
  }

  @Test("a request is C2SP's, byte for byte, and is read back as it was")
  func request() throws {
    let hash = MerkleTree.leaf([1])
    let note = Array("example.com/log\n7\n\(hash)\n\n\u{2014} example.com/log AAAAAAA=\n".utf8)
    let request = AddCheckpointRequest(oldSize: 5, proof: [hash, MerkleTree.emptyRoot], note: note)
    #expect(
      String(decoding: request.encoded, as: UTF8.self) == "old 5\n\(hash)\n\(MerkleTree.emptyRoot)\n\n"
        + String(decoding: note, as: UTF8.self))
    #expect(try AddCheckpointRequest(parsing: request.encoded) == request)
    let first = AddCheckpointRequest(oldSize: 0, proof: [], note: note)
    #expect(String(decoding: first.encoded, as: UTF8.self).hasPrefix("old 0\n\nexample.com/log\n"))
    #expect(try AddCheckpointRequest(parsing: first.encoded) == first)
  }

  @Test(
    "what is no request is refused",
    arguments: ["", "old", "old \n\nx", "old 05\n\nx", "old -1\n\nx", "new 5\n\nx", "old 5\nAAAA\n\nx", "old 5\n"])
  func malformedRequest(text: String) {
    #expect(throws: JournalError.self) { try AddCheckpointRequest(parsing: Array(text.utf8)) }
  }

  @Test("a request of more hashes than C2SP allows is refused")
  func longRequest() {
    let hashes = [MerkleHash](repeating: MerkleTree.emptyRoot, count: AddCheckpointRequest.maximumHashes + 1)
    let request = AddCheckpointRequest(oldSize: 5, proof: hashes, note: [0x78, 0x0A])
    #expect(throws: JournalError.self) { try AddCheckpointRequest(parsing: request.encoded) }
  }

  @Test("a witness's answer is one good line of its own among any of others, and names its time")
  func answer() throws {
    let (key, stranger) = (try Self.key(), try Self.key("stranger.example", seed: [UInt8](repeating: 4, count: 32)))
    let text = try Self.book(9).checkpoints[0].text
    let own = try Self.line(text, at: 1_700_000_000, by: key)
    let other = try Self.line(text, at: 1, by: stranger, seed: [UInt8](repeating: 4, count: 32))
    let lines = Array((other.line + own.line).utf8)
    let cosignature = try Cosignature(in: lines, of: text, by: key)
    #expect(cosignature.signature == own && cosignature.seconds == 1_700_000_000)
    #expect(throws: JournalError.self) { try Cosignature(in: Array(other.line.utf8), of: text, by: key) }
    #expect(throws: JournalError.self) { try Cosignature(in: lines, of: text + "x\n", by: key) }
    #expect(throws: JournalError.self) { try Cosignature(in: [], of: text, by: key) }
  }

  @Test("an answer cannot smuggle in another text, nor a log's key pass for a witness's")
  func smuggled() throws {
    let key = try Self.key()
    let book = try Self.book(9)
    let forged = Checkpoint(origin: Book.origin, size: 9, root: MerkleTree.emptyRoot).text
    let smuggled = Array("\(forged)\n\(try Self.line(forged, at: 1, by: key).line)".utf8)
    #expect(throws: JournalError.self) { try Cosignature(in: smuggled, of: book.checkpoints[0].text, by: key) }
    let text = book.checkpoints[0].text
    let signed = try NoteSigner(name: key.name, seed: Self.seed).sign(text)
    #expect(throws: JournalError.self) {
      try Cosignature(in: Array(signed.line.utf8), of: text, by: NoteSigner(name: key.name, seed: Self.seed).verifier)
    }
  }

  @Test("no bit of an answer can be flipped without its being refused")
  func everyBit() throws {
    let key = try Self.key()
    let text = try Self.book(9).checkpoints[0].text
    let lines = Array(try Self.line(text, at: 1_700_000_000, by: key).line.utf8)
    for place in lines.indices {
      for bit in 0..<8 {
        var forged = lines
        forged[place] ^= 1 << UInt8(bit)
        #expect(throws: JournalError.self, "byte \(place), bit \(bit)") {
          try Cosignature(in: forged, of: text, by: key)
        }
      }
    }
  }

  @Test("cosignatures of one checkpoint are kept side by side, the newest of each witness; a newer checkpoint stays")
  func kept() throws {
    let book = try Self.book(9)
    let directory = TemporaryDirectory()
    let storage = try PosixStorage(root: directory.path)
    let (one, two) = (try Self.key(), try Self.key("witness.example/w2"))
    let old = try PublishedCheckpoint(parsing: book.storage.bytes(of: Checkpoint.path))
    func cosign(_ checkpoint: PublishedCheckpoint, _ key: NoteVerifier, _ seconds: UInt64) throws -> SignedNote {
      let line = try Self.line(checkpoint.note.text, at: seconds, by: key).line
      let cosignature = try Cosignature(in: Array(line.utf8), of: checkpoint.note.text, by: key)
      return try CosignedCheckpoint.add(cosignature, to: checkpoint, in: storage).note
    }
    _ = try cosign(old, one, 10)
    _ = try cosign(old, two, 11)
    let both = try cosign(old, one, 12)
    #expect(both.signatures.map(\.keyName) == [Book.origin, one.name, two.name])
    #expect(try Cosignature(under: both, by: one).seconds == 12)
    #expect(try CosignedCheckpoint.read(from: storage)?.note == both)

    book.append([1])
    book.write()
    #expect(book.tick() == nil)
    let new = try PublishedCheckpoint(parsing: book.storage.bytes(of: Checkpoint.path))
    #expect(try cosign(new, two, 13).signatures.map(\.keyName) == [Book.origin, two.name])
    #expect(try cosign(old, one, 14).text == new.note.text)
    #expect(try CoveredLog(storage: storage, cosigned: true).size == 10)
  }

  @Test("two answers that are stored at the same moment do not overwrite each other")
  func locked() throws {
    let book = try Self.book(1)
    let checkpoint = try PublishedCheckpoint(parsing: book.storage.bytes(of: Checkpoint.path))
    let key = try Self.key()
    let line = try Self.line(checkpoint.note.text, at: 1, by: key).line
    let cosignature = try Cosignature(in: Array(line.utf8), of: checkpoint.note.text, by: key)
    let directory = TemporaryDirectory()
    let storage = try PosixStorage(root: directory.path)
    let lock = try storage.lock(CosignedCheckpoint.lockPath)
    withExtendedLifetime(lock) {
      let error = #expect(throws: JournalError.self) {
        try CosignedCheckpoint.add(cosignature, to: checkpoint, in: storage)
      }
      #expect(error?.code == .locked)
    }
    #expect(try CosignedCheckpoint.read(from: storage) == nil)
  }

  @Test("the served checkpoint carries the cosignatures as long as it is the one that was cosigned")
  func served() throws {
    let directory = TemporaryDirectory()
    let storage = try PosixStorage(root: directory.path)
    let failures = Failures()
    let journal = try Journal.open(
      storage: storage, configuration: JournalConfiguration(origin: Book.origin), now: { 1000 },
      events: JournalEvents(publishingFailed: { failures.add($0) }))
    defer { journal.close() }
    _ = [UInt8](repeating: 1, count: 9).withUnsafeBytes { journal.writer.append($0) }
    journal.writer.drain()
    journal.step()
    let checkpoint = try #require(journal.checkpoint)
    let key = try Self.key()
    let line = try Self.line(checkpoint.note.text, at: 77, by: key).line
    _ = try CosignedCheckpoint.add(
      try Cosignature(in: Array(line.utf8), of: checkpoint.note.text, by: key), to: checkpoint, in: storage)
    journal.step()
    let served = try #require(journal.checkpoint)
    #expect(try Cosignature(under: served.note, by: key).seconds == 77)
    #expect(try journal.verifier.verify(served.note))
    let stored = try #require(try storage.contents(of: Checkpoint.path))
    #expect(try PublishedCheckpoint(parsing: stored) == served)
    let receipt = try #require(journal.covered).receipt(for: 0)
    #expect(try Cosignature(under: SignedNote(parsing: receipt.note), by: key).seconds == 77)

    _ = [UInt8](repeating: 2, count: 9).withUnsafeBytes { journal.writer.append($0) }
    journal.writer.drain()
    journal.step()
    #expect(journal.checkpoint?.note.signatures.map(\.keyName) == [Book.origin])
    #expect(try CoveredLog(storage: storage, cosigned: true).size == 1)
    #expect(failures.all.isEmpty)

    try storage.replace(CosignedCheckpoint.path, with: Array("no note".utf8))
    journal.step()
    #expect(failures.all.map(\.code) == [.checkpoint], "a file that is no checkpoint is told of, and does no harm")
  }
}
