/// Holds a log that has no checkpoint against the tiles that are there all the same; Protocol/journal.md, "Tree".
///
/// Its first start was cut short, or somebody removed the checkpoint. Tiles are made of durable entries only, so what they have must be in
/// the log. One that no checkpoint covers may be torn, though: short, or zeros where hashes should be; such tell nothing. Nor is it proof
/// when all agree: who can remove a checkpoint can remove tiles. Cost: every entry is read and hashed once.
struct UnsignedLog {
  let storage: any Storage
  let catalog: SegmentCatalog
  let endIndex: UInt64
  /// Entries below were removed by retention.
  let minimumIndex: UInt64

  /// - Throws: `.damaged` if the tiles have other entries than the log, or more; `.checkpoint` if entries are gone without which the tree
  ///   cannot be made anew; `.storage`.
  func check() throws(JournalError) {
    guard minimumIndex == 0 else {
      throw JournalError(
        .checkpoint,
        "\(Checkpoint.path) is missing, and the tree cannot be made anew, for entries below \(minimumIndex) were removed: "
          + "put back a copy of it that covers at least so many")
    }
    let cursor = JournalCursor(storage: storage, catalog: catalog, from: 0)
    for number in 0...endIndex / UInt64(Tile.width) {
      guard let tile = try storing({ () throws(StorageError) in try widest(number) }) else { continue }
      guard number * UInt64(Tile.width) + UInt64(tile.width) <= endIndex else {
        throw damage(
          SegmentCatalog.directory, endIndex,
          "the log ends here, and \(tile.path) has entries beyond, which were durable")
      }
      try check(tile, cursor)
    }
  }

  /// The widest form of a tile of level 0 that there is.
  private func widest(_ number: UInt64) throws(StorageError) -> Tile? {
    let full = Tile(level: 0, number: number)
    let widths = try storage.list(full.partialDirectory).compactMap { Int($0) }.filter { 1..<Tile.width ~= $0 }
    do throws(StorageError) {
      _ = try storage.open(full.path, .read)
      return full
    } catch {
      if error.code != .notFound { throw error }
      return widths.max().map { Tile(level: 0, number: number, width: $0) }
    }
  }

  private func check(_ tile: Tile, _ cursor: JournalCursor) throws(JournalError) {
    let bytes = try storing { () throws(StorageError) in try storage.contents(of: tile.path) } ?? []
    guard bytes.count == tile.width * MerkleHash.byteCount else { return }
    let first = tile.number * UInt64(Tile.width)
    var wrong: UInt64?
    try cursor.read(below: first + UInt64(tile.width)) { entry in
      guard wrong == nil, entry.index >= first else { return }
      let start = Int(entry.index - first) * MerkleHash.byteCount
      let hash = bytes[start..<start + MerkleHash.byteCount]
      if MerkleTree.leaf(entry.bytes) != MerkleHash(hash), !hash.allSatisfy({ $0 == 0 }) { wrong = entry.index }
    }
    if let wrong {
      throw damage(
        catalog.segment(holding: wrong)?.path ?? SegmentCatalog.directory, wrong,
        "the entry is not the one in \(tile.path)")
    }
  }

  private func damage(_ file: String, _ index: UInt64, _ reason: String) -> JournalError {
    JournalError(JournalDamage(file: file, offset: 0, index: index, reason: reason))
  }
}
