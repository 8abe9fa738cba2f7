/// Makes the partial tiles of a signed tree anew from what they are made of: the full tiles one level below, and the log's last entries.
///
/// Partial tiles are rewritten as the log grows, so they are what a crash can tear. What comes out is trusted only because it has the root
/// that was signed; until that is known, nothing is written. Cost: at most 255 tiles read a level, and 255 entries.
struct TileMending {
  let storage: any Storage
  let catalog: SegmentCatalog
  let checkpoint: Checkpoint

  /// Writes the partial tiles that are not what they must be, durably.
  /// - Returns: their paths.
  /// - Throws: `.checkpoint` if a full tile is missing or what comes out has another root than the checkpoint, `.removed` if entries are
  ///   gone, `.damaged`, `.storage`.
  func run() throws(JournalError) -> [String] {
    let size = checkpoint.size
    let reader = TileReader(storage: storage, size: size)
    var made: [Tile: [MerkleHash]] = [:]
    for tile in Tile.partials(size: size) { made[tile] = try hashes(of: tile, reader) }
    let builder = try TileBuilder(size: size) { tile throws(JournalError) in made[tile] ?? [] }
    guard builder.root == checkpoint.root else {
      throw JournalError(
        .checkpoint,
        "the tiles of size \(size) have another root than the checkpoint, also when made anew from the entries: restore "
          + "the directory from a copy")
    }
    var writer = TileWriter(storage: storage)
    return try storing { () throws(StorageError) in
      var mended: [String] = []
      for (tile, hashes) in builder.partials {
        if try storage.contents(of: tile.path) == hashes.flatMap(\.bytes) { continue }
        writer.add(tile, hashes)
        mended.append(tile.path)
      }
      try writer.write(oneByOne: true)
      try writer.persist()
      return mended
    }
  }

  private func hashes(of tile: Tile, _ reader: TileReader) throws(JournalError) -> [MerkleHash] {
    let first = tile.number * UInt64(Tile.width)
    var hashes: [MerkleHash] = []
    if tile.level == 0 {
      let cursor = JournalCursor(storage: storage, catalog: catalog, from: first)
      try cursor.read(below: first + UInt64(tile.width)) { hashes.append(MerkleTree.leaf($0.bytes)) }
    } else {
      for number in first..<first + UInt64(tile.width) {
        hashes.append(MerkleTree.root(over: try reader.hashes(of: Tile(level: tile.level - 1, number: number))[...]))
      }
    }
    return hashes
  }
}
