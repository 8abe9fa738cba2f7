/// Rebuilds the tree from the entries, holding each tile and each expected root against what comes out.
final class TreeWalk {
  private let storage: any Storage
  private let checkpoint: Checkpoint
  private let tiles: TileReader
  /// By size, smallest last.
  private var expected: [Checkpoint]
  /// The size of the last of them.
  private var nextExpectedSize: UInt64?
  private var builder = TileBuilder()
  /// Where the entries of the level-0 tile in the making lie.
  private var places: [(file: String, offset: UInt64)] = []
  private var wrong: JournalError?

  init(storage: any Storage, checkpoint: Checkpoint, expected: [Checkpoint]) {
    self.storage = storage
    self.checkpoint = checkpoint
    self.expected = expected.sorted { $0.size > $1.size }
    nextExpectedSize = expected.map(\.size).min()
    coveredSize = expected.map(\.size).max() ?? 0
    tiles = TileReader(storage: storage, size: checkpoint.size)
  }

  /// All entries below are covered by some checkpoint.
  let coveredSize: UInt64

  var nextIndex: UInt64 { builder.size }

  /// Takes the leaves of entries that retention has removed from the tiles: the root will tell whether they are right.
  func takeRemoved(below index: UInt64) throws(JournalError) {
    guard index <= checkpoint.size else {
      throw JournalError(.checkpoint, "entries were removed that the checkpoint does not cover")
    }
    compareRoots()
    while builder.size < index, wrong == nil { add(try tiles.leaf(at: builder.size), file: "tile/0", offset: 0) }
    if let wrong { throw wrong }
  }

  /// Takes a batch's entries; gives the first thing that is wrong.
  func take(_ batch: Batch, file: String, offset: UInt64) -> JournalError? {
    compareRoots()
    batch.forEach(from: builder.size, to: .max) { entry in
      if wrong == nil { add(MerkleTree.leaf(entry.bytes), file: file, offset: offset) }
    }
    return wrong
  }

  private func add(_ leaf: MerkleHash, file: String, offset: UInt64) {
    var filled: [(Tile, [MerkleHash])] = []
    if places.count == Tile.width { places.removeAll(keepingCapacity: true) }
    places.append((file, offset))
    builder.append(leaf) { filled.append(($0, $1)) }
    for (tile, hashes) in filled where isCovered(tile) { compare(tile, hashes) }
    compareRoots()
  }

  private func isCovered(_ tile: Tile) -> Bool {
    Tile.hashCount(level: tile.level, size: checkpoint.size) >= (tile.number + 1) * UInt64(Tile.width)
  }

  /// Compares the partial tiles of the checkpoint's size; the walk must have passed it.
  func checkEdge() throws(JournalError) {
    compareRoots()
    if let wrong { throw wrong }
  }

  private func compareRoots() {
    while builder.size == nextExpectedSize, wrong == nil, let next = expected.popLast() {
      nextExpectedSize = expected.last?.size
      if next == checkpoint { for (tile, hashes) in builder.partials { compare(tile, hashes) } }
      if wrong == nil, builder.root != next.root {
        wrong = JournalError(
          .checkpoint, "the first \(next.size) entries have another root than the checkpoint of that size")
      }
    }
  }

  private func compare(_ tile: Tile, _ hashes: [MerkleHash]) {
    do throws(JournalError) {
      let found = try tiles.hashes(of: tile)
      guard let place = zip(found, hashes).enumerated().first(where: { $1.0 != $1.1 })?.offset else { return }
      let subtree: UInt64 = 1 << UInt64(tile.level * Tile.height)
      let index = (tile.number * UInt64(Tile.width) + UInt64(place)) * subtree
      let at = tile.level == 0 ? places[place] : (file: tile.path, offset: UInt64(place * MerkleHash.byteCount))
      wrong = JournalError(
        JournalDamage(
          file: at.file, offset: at.offset, index: index,
          reason: tile.level == 0
            ? "the entry and \(tile.path) do not agree" : "the tile and the entries below it do not agree"))
    } catch {
      wrong = error
    }
  }
}
