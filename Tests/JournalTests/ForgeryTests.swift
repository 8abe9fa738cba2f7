import Testing

@testable import Journal

/// The verifier attacked: no forged proof, note, receipt or tile is taken for a true one.
struct ForgeryTests {
  let tree: TestTree

  init() throws { tree = try TestTree((0..<300).map(Book.entry)) }

  /// Ways to make a false proof of a true one.
  private static func forge(_ proof: [MerkleHash], _ generator: inout SeededGenerator) -> [MerkleHash] {
    var forged = proof
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: forged.append(MerkleTree.leaf(generator.bytes(4)))
    case 1: forged.insert(MerkleTree.leaf(generator.bytes(4)), at: 0)
    case 2 where !forged.isEmpty: forged.removeLast()
    case 3 where !forged.isEmpty: forged.removeFirst()
    case 4 where forged.count > 1: forged.swapAt(0, forged.count - 1)
    default:
      guard let place = forged.indices.randomElement(using: &generator) else { return [MerkleTree.emptyRoot] }
      var bytes = forged[place].bytes
      bytes[Int.random(in: 0..<32, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      forged[place] = MerkleHash(bytes) ?? forged[place]
    }
    return forged
  }

  @Test("no altered inclusion proof is accepted")
  func inclusion() throws {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<(Campaign.isWhole ? 50_000 : 600) {
      let size = UInt64.random(in: 1...300, using: &generator)
      let index = UInt64.random(in: 0..<size, using: &generator)
      let proof = try tree.reader.inclusionProof(of: index, in: size)
      let root = try tree.reader.root(of: size)
      let leaf = MerkleTree.leaf(tree.entries[Int(index)])
      let forged = Self.forge(proof, &generator)
      if forged != proof {
        #expect(!MerkleProof.verifyInclusion(of: leaf, at: index, size: size, root: root, proof: forged))
      }
      let other = UInt64.random(in: 0..<size + 2, using: &generator)
      if other != index, other >= 300 || tree.entries[Int(other)] != tree.entries[Int(index)] {
        #expect(!MerkleProof.verifyInclusion(of: leaf, at: other, size: size, root: root, proof: proof))
      }
      let entry = MerkleTree.leaf(generator.bytes(9))
      #expect(!MerkleProof.verifyInclusion(of: entry, at: index, size: size, root: root, proof: proof))
      #expect(!MerkleProof.verifyInclusion(of: leaf, at: index, size: size, root: entry, proof: proof))
    }
  }

  @Test("a node cannot be passed off as an entry")
  func secondPreimage() throws {
    let pair = MerkleTree.leaf(tree.entries[0]).bytes + MerkleTree.leaf(tree.entries[1]).bytes
    let proof = Array(try tree.reader.inclusionProof(of: 0, in: 256).dropFirst())
    let root = try tree.reader.root(of: 256)
    #expect(!MerkleProof.verifyInclusion(of: MerkleTree.leaf(pair), at: 0, size: 128, root: root, proof: proof))
  }

  @Test("no altered consistency proof is accepted")
  func consistency() throws {
    var generator = SeededGenerator(seed: 22)
    for _ in 0..<(Campaign.isWhole ? 50_000 : 600) {
      let new = UInt64.random(in: 1...300, using: &generator)
      let old = UInt64.random(in: 0...new, using: &generator)
      let (oldRoot, newRoot) = (try tree.reader.root(of: old), try tree.reader.root(of: new))
      let proof = try tree.reader.consistencyProof(from: old, to: new)
      let forged = Self.forge(proof, &generator)
      #expect(!MerkleProof.verifyConsistency(from: old, oldRoot, to: new, newRoot, proof: forged) || forged == proof)
      let random = MerkleTree.leaf(generator.bytes(9))
      #expect(!MerkleProof.verifyConsistency(from: old, random, to: new, newRoot, proof: proof))
      // Every tree follows from the empty one: its proof says nothing about the new root.
      if old > 0 { #expect(!MerkleProof.verifyConsistency(from: old, oldRoot, to: new, random, proof: proof)) }
      let third = UInt64.random(in: 1...300, using: &generator)
      if third != old { #expect(!MerkleProof.verifyConsistency(from: third, oldRoot, to: new, newRoot, proof: proof)) }
    }
  }

  @Test("no bit of a receipt can be flipped without its being refused")
  func receipts() throws {
    let note = tree.book.storage.bytes(of: Checkpoint.path)
    let keys = [tree.book.parts.verifier]
    let receipt = LogProof(index: 77, hashes: try tree.reader.inclusionProof(of: 77, in: 300), note: note)
    let entry = tree.entries[77]
    #expect(try LogProof(parsing: receipt.encoded) == receipt)
    #expect(try receipt.verify(entry: entry, origin: Book.origin, keys: keys).size == 300)
    let bytes = receipt.encoded
    for place in Campaign.cases(bytes.indices, share: 5) {
      for bit in 0..<8 {
        var forged = bytes
        forged[place] ^= 1 << UInt8(bit)
        #expect(throws: JournalError.self, "byte \(place), bit \(bit)") {
          try LogProof(parsing: forged).verify(entry: entry, origin: Book.origin, keys: keys)
        }
      }
    }
    for length in Campaign.cases(bytes.indices, share: 5) {
      #expect(throws: JournalError.self) {
        try LogProof(parsing: Array(bytes[..<length])).verify(entry: entry, origin: Book.origin, keys: keys)
      }
    }
  }

  @Test("a receipt is for one entry, one log and one key")
  func receiptMisuse() throws {
    let note = tree.book.storage.bytes(of: Checkpoint.path)
    let keys = [tree.book.parts.verifier]
    let receipt = LogProof(index: 77, hashes: try tree.reader.inclusionProof(of: 77, in: 300), note: note)
    #expect(throws: JournalError.self) { try receipt.verify(entry: tree.entries[78], origin: Book.origin, keys: keys) }
    #expect(throws: JournalError.self) {
      try receipt.verify(entry: tree.entries[77], origin: "example.com/other", keys: keys)
    }
    #expect(throws: JournalError.self) { try receipt.verify(entry: tree.entries[77], origin: Book.origin, keys: []) }
    let stranger = try NoteSigner(name: Book.origin, seed: [UInt8](repeating: 9, count: 32)).verifier
    #expect(throws: JournalError.self) {
      try receipt.verify(entry: tree.entries[77], origin: Book.origin, keys: [stranger])
    }
  }

  @Test("random bytes are no note, no checkpoint and no receipt")
  func randomBytes() {
    var generator = SeededGenerator(seed: 23)
    for _ in 0..<500 {
      let bytes = generator.bytes(Int.random(in: 0...200, using: &generator))
      #expect(throws: JournalError.self) { try SignedNote(parsing: bytes) }
      #expect(throws: JournalError.self) { try LogProof(parsing: bytes) }
      #expect(throws: JournalError.self) { try Checkpoint(text: String(decoding: bytes, as: UTF8.self)) }
    }
  }
}
