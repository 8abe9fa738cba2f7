import Testing

@testable import Journal

/// A whole directory attacked at random: whatever is altered, the verifier does not pass another log for the one that was signed.
struct AttackTests {
  /// 700 entries in several segments, published; and the entries of each segment.
  private static func book() throws -> Book { try VerifierTests.book() }

  /// The verifier's word: nil if it accepts.
  private static func verdict(_ storage: SimulatedStorage, _ book: Book, _ kept: [UInt8]) -> JournalError? {
    do throws(JournalError) {
      _ = try LogVerifier(storage: storage, origin: Book.origin, keys: [book.parts.verifier]).verify(against: [kept])
      return nil
    } catch { return error }
  }

  @Test("no byte of a segment, a tile or the checkpoint can be altered, cut off or added unseen", arguments: 1...4)
  func anywhere(seed: UInt64) throws {
    let book = try Self.book()
    let kept = book.storage.bytes(of: Checkpoint.path)
    let used =
      book.storage.paths(under: SegmentCatalog.directory + "/")
      + book.storage.paths(under: "tile/").filter {
        !$0.contains(".p/") || $0.hasSuffix("2.p/188") || $0.hasSuffix(".p/2")
      }
      + [Checkpoint.path]
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<(Campaign.isWhole ? 5_000 : 60) {
      let storage = book.storage.copy()
      let path = try #require(used.randomElement(using: &generator))
      let bytes = storage.bytes(of: path)
      var altered = bytes
      switch Int.random(in: 0..<4, using: &generator) {
      case 0:
        altered[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: altered.removeLast(Int.random(in: 1...bytes.count, using: &generator))
      case 2:
        let start = Int.random(in: bytes.indices, using: &generator)
        altered.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...64, using: &generator)))
      default:
        altered.insert(contentsOf: generator.bytes(40), at: Int.random(in: bytes.indices, using: &generator))
      }
      if altered == bytes { continue }
      storage.setBytes(of: path, altered)
      #expect(Self.verdict(storage, book, kept) != nil, "\(path), seed \(seed)")
    }
  }

  @Test("no entry can be altered, removed, added or moved by somebody who makes every checksum right", arguments: 5...8)
  func knowing(seed: UInt64) throws {
    let book = try Self.book()
    let kept = book.storage.bytes(of: Checkpoint.path)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<(Campaign.isWhole ? 2_000 : 25) {
      let index = UInt64.random(in: 0..<700, using: &generator)
      let storage = book.storage.copy()
      let path = try #require(book.parts.catalog.segment(holding: index)).path
      var pieces = try SegmentForger.pieces(of: path, in: storage)
      let first = pieces[0].firstIndex
      let before = pieces.flatMap(\.entries)
      SegmentForger.alter(&pieces, &generator)
      if pieces.flatMap(\.entries) == before { continue }
      storage.setBytes(of: path, SegmentForger.bytes(pieces, firstIndex: first, journal: book.parts.journalID))
      let error = try #require(Self.verdict(storage, book, kept), "\(path), seed \(seed)")
      #expect(error.damage.map { $0.index >= first } ?? true, "it names no entry that is right")
    }
  }

  @Test("tiles made anew for altered entries do not pass the signature, nor a checkpoint of the forger's the key")
  func remade() throws {
    let book = try Self.book()
    let storage = SimulatedStorage()
    let forged = try Book(storage, limits: Book.limits(segmentBytes: 32 << 10))
    for number in 0..<700 {
      forged.append(number == 400 ? [0] : Book.entry(number))
      if number % 20 == 19 { forged.write() }
    }
    #expect(forged.tick() == nil)
    let kept = book.storage.bytes(of: Checkpoint.path)
    #expect(Self.verdict(storage, book, kept)?.code == .checkpoint, "signed by a stranger")
    storage.setBytes(of: Checkpoint.path, kept)
    #expect(Self.verdict(storage, book, kept)?.code == .checkpoint, "signed over other tiles")
  }

  @Test("no random proof shows anything, whatever its length")
  func randomProofs() throws {
    let tree = try TestTree((0..<300).map(Book.entry))
    var generator = SeededGenerator(seed: 31)
    let known = (0..<300).map { MerkleTree.leaf(tree.entries[$0]) }
    for _ in 0..<(Campaign.isWhole ? 100_000 : 2_000) {
      let size = UInt64.random(in: 2...300, using: &generator)
      let (index, root) = (UInt64.random(in: 0..<size, using: &generator), try tree.reader.root(of: size))
      // Hashes that are in the tree are likelier to fit than any others.
      let proof = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? known[Int.random(in: 0..<300, using: &generator)] : MerkleTree.leaf(generator.bytes(8))
      }
      let isTrue = try proof == tree.reader.inclusionProof(of: index, in: size)
      let entry = MerkleTree.leaf(generator.bytes(12))
      #expect(!MerkleProof.verifyInclusion(of: entry, at: index, size: size, root: root, proof: proof))
      #expect(
        MerkleProof.verifyInclusion(of: known[Int(index)], at: index, size: size, root: root, proof: proof) == isTrue)
      let old = UInt64.random(in: 1..<size, using: &generator)
      #expect(!MerkleProof.verifyConsistency(from: old, entry, to: size, root, proof: proof))
    }
  }

  @Test("a receipt of huge numbers is refused, not computed")
  func hugeNumbers() throws {
    let tree = try TestTree([[1], [2]])
    let note = tree.book.storage.bytes(of: Checkpoint.path)
    let keys = [tree.book.parts.verifier]
    for index in [UInt64.max, UInt64.max - 1, 1 << 63, 2] {
      let receipt = LogProof(index: index, hashes: [MerkleTree.leaf([2])], note: note)
      #expect(throws: JournalError.self) { try receipt.verify(entry: [1], origin: Book.origin, keys: keys) }
    }
    let long = LogProof(
      index: 0, hashes: [MerkleHash](repeating: MerkleTree.emptyRoot, count: MerkleProof.maximumHashes + 1), note: note)
    #expect(throws: JournalError.self) { try LogProof(parsing: long.encoded) }
    #expect(
      !MerkleProof.verifyConsistency(
        from: .max, MerkleTree.emptyRoot, to: .max, MerkleTree.leaf([1]), proof: []))
    for size in [UInt64.max, 1 << 63] {
      #expect(
        !MerkleProof.verifyInclusion(
          of: MerkleTree.leaf([1]), at: size - 1, size: size, root: MerkleTree.leaf([1]), proof: long.hashes))
    }
  }
}
