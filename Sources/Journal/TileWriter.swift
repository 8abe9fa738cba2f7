/// Puts tiles into their files and remembers which are not yet durable.
///
/// A tile that no published checkpoint covers may be torn by a crash; it is then written again, so it needs no atomic replacement.
struct TileWriter {
  private let storage: any Storage
  /// Filled and not yet written: what a full disk holds up.
  private var waiting: [(tile: Tile, bytes: [UInt8])] = []
  private var unsynced: [String] = []
  /// Directories in which tiles are that were synced, but not their names.
  private var unsyncedDirectories: Set<String> = []
  private var directories: Set<String> = []
  static let rememberedDirectoriesLimit = 4096

  init(storage: any Storage) { self.storage = storage }

  mutating func add(_ tile: Tile, _ hashes: [MerkleHash]) {
    waiting.append((tile, hashes.withUnsafeBytes { Array($0) }))
  }

  /// Writes what waits. What could not be written still waits.
  /// - Parameter oneByOne: whether each tile is synced as soon as it is written, which takes longer than one sync for all of many, and
  ///   keeps nobody else waiting.
  mutating func write(oneByOne: Bool) throws(StorageError) {
    var written = 0
    defer { waiting.removeFirst(written) }
    for (tile, bytes) in waiting {
      let path = tile.path
      if !directories.contains(path.directory) {
        try storage.makeDirectory(path.directory)
        if directories.count >= Self.rememberedDirectoriesLimit { directories.removeAll() }
        directories.insert(path.directory)
      }
      let file = try storage.open(path, .replace)
      try file.write(bytes, at: 0)
      if oneByOne {
        try file.sync()
        unsyncedDirectories.insert(path.directory)
      } else {
        unsynced.append(path)
      }
      written += 1
    }
  }

  /// Makes all written tiles durable, with their names.
  mutating func persist() throws(StorageError) {
    if !unsynced.isEmpty { try storage.persist(unsynced) }
    unsynced.removeAll(keepingCapacity: true)
    for directory in unsyncedDirectories { try storage.syncDirectory(directory) }
    unsyncedDirectories.removeAll(keepingCapacity: true)
  }

  /// Removes the partial forms of a tile that is now full and durable.
  mutating func removePartials(of tile: Tile) throws(StorageError) {
    let directory = tile.partialDirectory
    for name in try storage.list(directory) { try storage.remove("\(directory)/\(name)") }
    try storage.removeDirectory(directory)
    directories.remove(directory)
  }
}
