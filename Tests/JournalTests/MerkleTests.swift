import Testing

@testable import Journal

/// The tree against RFC 6962's published example (Certificate Transparency's reference leaves) and against its slow definition.
struct MerkleTests {
  /// The eight leaves of Certificate Transparency's reference tree.
  static let leaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F],
  ]
  /// Their roots for 1 to 8 leaves.
  static let roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  @Test("the reference tree has the published roots")
  func publishedRoots() {
    #expect(
      hexadecimal(MerkleTree.emptyRoot.bytes) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    var builder = TileBuilder()
    for (leaf, root) in zip(Self.leaves, Self.roots) {
      builder.append(MerkleTree.leaf(leaf)) { _, _ in Issue.record("no tile is full") }
      #expect(hexadecimal(builder.root.bytes) == root)
    }
  }

  @Test("the reference tree has the published inclusion and consistency proofs")
  func publishedProofs() throws {
    let tree = try TestTree(Self.leaves)
    let inclusion = try tree.reader.inclusionProof(of: 5, in: 8).map { hexadecimal($0.bytes) }
    #expect(
      inclusion == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ])
    let consistency = try tree.reader.consistencyProof(from: 6, to: 8).map { hexadecimal($0.bytes) }
    #expect(
      consistency == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ])
  }

  @Test("the root is that of the definition, for every size up to beyond a tile")
  func roots() {
    let entries = (0..<530).map(Book.entry)
    var builder = TileBuilder()
    for (index, entry) in entries.enumerated() {
      builder.append(MerkleTree.leaf(entry)) { _, _ in }
      if index < 40 || index % 37 == 0 || (510...520).contains(index) {
        #expect(builder.root == naiveRoot(entries[...index]), "size \(index + 1)")
      }
    }
  }

  @Test("all inclusion and consistency proofs of small trees verify", arguments: [1, 2, 3, 7, 8, 20])
  func allProofs(size: Int) throws {
    let tree = try TestTree((0..<size).map(Book.entry))
    for new in 1...UInt64(size) {
      let newRoot = naiveRoot(tree.entries[..<Int(new)])
      #expect(try tree.reader.root(of: new) == newRoot)
      for index in 0..<new {
        let proof = try tree.reader.inclusionProof(of: index, in: new)
        #expect(
          MerkleProof.verifyInclusion(
            of: MerkleTree.leaf(tree.entries[Int(index)]), at: index, size: new, root: newRoot, proof: proof))
      }
      for old in 0...new {
        let proof = try tree.reader.consistencyProof(from: old, to: new)
        let oldRoot = naiveRoot(tree.entries[..<Int(old)])
        #expect(MerkleProof.verifyConsistency(from: old, oldRoot, to: new, newRoot, proof: proof))
      }
    }
  }

  @Test("proofs across tiles verify, and the reader never needs more than the tiles of its size")
  func proofsAcrossTiles() throws {
    let tree = try TestTree((0..<1500).map(Book.entry))
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<60 {
      let size = UInt64.random(in: 1...1500, using: &generator)
      let index = UInt64.random(in: 0..<size, using: &generator)
      let old = UInt64.random(in: 0...size, using: &generator)
      let root = try tree.reader.root(of: size)
      let leaf = try tree.reader.leaf(at: index)
      #expect(leaf == MerkleTree.leaf(tree.entries[Int(index)]))
      #expect(
        MerkleProof.verifyInclusion(
          of: leaf, at: index, size: size, root: root, proof: try tree.reader.inclusionProof(of: index, in: size)))
      #expect(
        MerkleProof.verifyConsistency(
          from: old, try tree.reader.root(of: old), to: size, root,
          proof: try tree.reader.consistencyProof(from: old, to: size)))
    }
    #expect(try tree.reader.root(of: 1500) == naiveRoot(tree.entries[...]))
    #expect(throws: JournalError.self) { try tree.reader.inclusionProof(of: 1500, in: 1500) }
    #expect(throws: JournalError.self) { try tree.reader.consistencyProof(from: 2, to: 1) }
    #expect(throws: JournalError.self) { try tree.reader.root(of: 1501) }
  }

  @Test("a tile's path is the one that C2SP gives")
  func paths() {
    #expect(Tile(level: 0, number: 1_234_067).path == "tile/0/x001/x234/067")
    #expect(Tile(level: 3, number: 0, width: 5).path == "tile/3/000.p/5")
    #expect(Tile(level: 0, number: 1000, width: 255).path == "tile/0/x001/000.p/255")
    #expect(Tile(level: 0, number: .max).path == "tile/0/x018/x446/x744/x073/x709/x551/615")
  }

  @Test("a tree of 70,000 has the partial tiles of C2SP's example")
  func partials() {
    #expect(
      Tile.partials(size: 70_000) == [
        Tile(level: 0, number: 273, width: 112), Tile(level: 1, number: 1, width: 17),
        Tile(level: 2, number: 0, width: 1),
      ])
    #expect(Tile.partials(size: 256) == [Tile(level: 1, number: 0, width: 1)])
    #expect(Tile.partials(size: 0).isEmpty)
    #expect(Tile.partials(size: .max).count == 8)
  }
}

/// A published tree over given entries.
struct TestTree {
  let entries: [[UInt8]]
  let book: Book
  let reader: TileReader

  init(_ entries: [[UInt8]]) throws {
    self.entries = entries
    book = try Book(SimulatedStorage())
    for (index, entry) in entries.enumerated() {
      book.append(entry)
      if index % 100 == 99 { book.write() }
    }
    book.write()
    #expect(book.tick() == nil)
    reader = TileReader(storage: book.storage, size: UInt64(entries.count))
  }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
