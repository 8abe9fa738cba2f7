/// Grows the Merkle tree leaf by leaf and hands out each tile as it fills. Memory: one tile a level.
///
/// Invariant: `edge[l]` holds the last `size / 256^l mod 256` hashes of level `l`.
struct TileBuilder: Sendable {
  private(set) var size: UInt64 = 0
  private var edge: [[MerkleHash]] = []

  init() {}

  /// Goes on from a tree of `size` leaves, given the hashes of its partial tiles.
  /// - Throws: what `read` throws.
  init(size: UInt64, read: (Tile) throws(JournalError) -> [MerkleHash]) throws(JournalError) {
    self.size = size
    for tile in Tile.partials(size: size) {
      while edge.count < tile.level { edge.append([]) }
      edge.append(try read(tile))
    }
  }

  /// Adds a leaf; `filled` gets each tile that this completes, lower levels first.
  mutating func append(_ leaf: MerkleHash, filled: (Tile, [MerkleHash]) -> Void) {
    append(leaf, level: 0, filled: filled)
  }

  /// Adds the root of the 256 leaves that follow, where `size` is a multiple of 256: as `append` of each of them would, but
  /// that their own tile is not among those that `filled` gets.
  mutating func append(tileRoot: MerkleHash, filled: (Tile, [MerkleHash]) -> Void) {
    precondition(size % UInt64(Tile.width) == 0, "a tile begins at a multiple of its width")
    append(tileRoot, level: 1, filled: filled)
  }

  private mutating func append(_ hash: MerkleHash, level first: Int, filled: (Tile, [MerkleHash]) -> Void) {
    size += 1 << UInt64(first * Tile.height)
    var carry = hash
    var level = first
    while true {
      while level >= edge.count {
        var hashes: [MerkleHash] = []
        hashes.reserveCapacity(Tile.width)
        edge.append(hashes)
      }
      edge[level].append(carry)
      guard edge[level].count == Tile.width else { return }
      let number = (Tile.hashCount(level: level, size: size) - 1) / UInt64(Tile.width)
      filled(Tile(level: level, number: number), edge[level])
      carry = edge[level].withUnsafeMutableBufferPointer { MerkleTree.root(consuming: $0) }
      edge[level].removeAll(keepingCapacity: true)
      level += 1
    }
  }

  /// The tiles of the right edge, as they must be published with a checkpoint of this size.
  var partials: [(Tile, [MerkleHash])] {
    Tile.partials(size: size).map { ($0, edge[$0.level]) }
  }

  /// The tree's root: each level's edge with what stands below as its last, smaller subtree.
  var root: MerkleHash {
    var below: MerkleHash?
    for hashes in edge {
      let subtrees = below.map { hashes + [$0] } ?? hashes
      if !subtrees.isEmpty { below = MerkleTree.root(over: subtrees) }
    }
    return below ?? MerkleTree.emptyRoot
  }
}
