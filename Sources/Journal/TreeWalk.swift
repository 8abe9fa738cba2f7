/// Puts the tree together from the hashes of its segments, in order, and holds each tile and each expected root against what comes
/// out.
final class TreeWalk {
  private let plan: VerificationPlan
  private let tiles: TileReader
  /// By size, smallest last.
  private var expected: [Checkpoint]
  private var builder = TileBuilder()
  /// Where an entry lies, if it is there.
  private let place: (UInt64) throws(JournalError) -> (file: String, offset: UInt64)?
  private var wrong: JournalError?

  /// - Parameters:
  ///   - expected: the checkpoints whose roots are to come out.
  ///   - place: where an entry lies, to name one that is wrong; nil if it was removed.
  init(
    _ plan: VerificationPlan, expected: [Checkpoint],
    place: @escaping (UInt64) throws(JournalError) -> (file: String, offset: UInt64)?
  ) {
    self.plan = plan
    self.place = place
    self.expected = expected.sorted { $0.size > $1.size }
    coveredSize = expected.map(\.size).max() ?? 0
    tiles = TileReader(storage: plan.storage, size: plan.checkpoint.size)
    compareRoots()
  }

  /// All entries below are covered by some checkpoint.
  let coveredSize: UInt64

  var nextIndex: UInt64 { builder.size }

  /// Takes the leaves of entries that retention has removed from the tiles: the root will tell whether they are right.
  func takeRemoved(below index: UInt64) throws(JournalError) {
    guard index <= plan.checkpoint.size else {
      throw JournalError(.checkpoint, "entries were removed that the checkpoint does not cover")
    }
    while builder.size < index {
      let number = builder.size / UInt64(Tile.width)
      let count = Int(min(UInt64(Tile.width), plan.checkpoint.size - builder.size))
      let hashes = try tiles.hashes(of: Tile(level: 0, number: number, width: count))
      try take(.leaves(Array(hashes.prefix(Int(min(UInt64(count), index - builder.size))))))
    }
  }

  /// Takes what comes next.
  /// - Throws: the first thing that is wrong.
  func take(_ piece: SegmentHashes.Piece) throws(JournalError) {
    switch piece {
    case .leaves(let leaves):
      for leaf in leaves where wrong == nil {
        builder.append(leaf) { compare($0, $1) }
        compareRoots()
      }
    case .tile(let root):
      builder.append(tileRoot: root) { compare($0, $1) }
      compareRoots()
    }
    if let wrong { throw wrong }
  }

  /// The error that a tile is not what its entries make it.
  func error(_ difference: TileDifference, of tile: Tile) -> JournalError {
    switch difference {
    case .unreadable(let error): return error
    case .hash(let position):
      let subtree: UInt64 = 1 << UInt64(tile.level * Tile.height)
      let index = (tile.number * UInt64(Tile.width) + UInt64(position)) * subtree
      let inTile = (file: tile.path, offset: UInt64(position * MerkleHash.byteCount))
      do throws(JournalError) {
        let entry = tile.level == 0 ? try place(index) : nil
        return JournalError(
          JournalDamage(
            file: (entry ?? inTile).file, offset: (entry ?? inTile).offset, index: index,
            reason: entry == nil
              ? "the tile and the entries below it do not agree" : "the entry and \(tile.path) do not agree"))
      } catch {
        return error
      }
    }
  }

  private func compareRoots() {
    while let next = expected.last, next.size == builder.size, wrong == nil {
      expected.removeLast()
      if next == plan.checkpoint { for (tile, hashes) in builder.partials { compare(tile, hashes) } }
      if wrong == nil, builder.root != next.root {
        let whose = next == plan.checkpoint ? "its own checkpoint" : "the checkpoint of that size that was kept outside"
        wrong = JournalError(.checkpoint, "the log has another root at size \(next.size) than \(whose)")
      }
    }
  }

  private func compare(_ tile: Tile, _ hashes: [MerkleHash]) {
    if wrong == nil, let difference = plan.difference(of: tile, from: hashes) { wrong = error(difference, of: tile) }
  }
}
