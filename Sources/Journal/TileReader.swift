/// Reads the tiles of one tree size and computes roots and proofs from them. Keeps the tiles it read, up to a bound.
///
/// Nothing it reads is trusted: what it computes is held against a signed root by whoever uses it.
public final class TileReader {
  static let cacheLimitTiles = 1024

  private let storage: any Storage
  /// The tree whose tiles are read: one that a checkpoint was signed for.
  public let size: UInt64
  private var cache: [Tile: [MerkleHash]] = [:]

  public init(storage: any Storage, size: UInt64) {
    self.storage = storage
    self.size = size
  }

  /// The hashes of a tile, from its partial form or, where that is gone, from the full one.
  /// - Throws: `.checkpoint` if there is no such tile or it has another length than it must.
  func hashes(of tile: Tile) throws(JournalError) -> [MerkleHash] {
    if let known = cache[tile] { return known }
    let hashes = try Self.bytes(of: tile, in: storage).withUnsafeBytes { bytes in
      (0..<tile.width).map { bytes.loadUnaligned(fromByteOffset: $0 * MerkleHash.byteCount, as: MerkleHash.self) }
    }
    if cache.count >= Self.cacheLimitTiles { cache.removeAll(keepingCapacity: true) }
    cache[tile] = hashes
    return hashes
  }

  /// The bytes of a tile's file: its partial form's or, where that is gone, the full one's.
  static func bytes(of tile: Tile, in storage: any Storage) throws(JournalError) -> [UInt8] {
    for form in [tile, Tile(level: tile.level, number: tile.number)] {
      let found = try storing { () throws(StorageError) in try storage.contents(of: form.path) }
      guard let bytes = found else { continue }
      let due = form.width * MerkleHash.byteCount
      guard bytes.count == due else {
        throw JournalError(.checkpoint, "\(form.path) has \(bytes.count) bytes, not \(due)")
      }
      return bytes
    }
    throw JournalError(.checkpoint, "\(tile.path) is missing")
  }

  /// The root of the first `size` leaves.
  public func root(of size: UInt64) throws(JournalError) -> MerkleHash {
    try check(size <= self.size, "the tree has the size \(self.size), not \(size)")
    return size == 0 ? MerkleTree.emptyRoot : try hash(of: 0..<size)
  }

  /// RFC 6962 section 2.1.1: the path that shows leaf `index` in the tree of the first `size` leaves.
  public func inclusionProof(of index: UInt64, in size: UInt64) throws(JournalError) -> [MerkleHash] {
    try check(
      index < size && size <= self.size, "no entry \(index) in a tree of size \(size) within one of \(self.size)")
    return try path(index, in: 0..<size)
  }

  /// RFC 6962 section 2.1.2: what shows that the first `newSize` leaves begin with the first `oldSize`.
  public func consistencyProof(from oldSize: UInt64, to newSize: UInt64) throws(JournalError) -> [MerkleHash] {
    try check(
      oldSize <= newSize && newSize <= size, "no trees of sizes \(oldSize) and \(newSize) within one of \(size)")
    if oldSize == 0 || oldSize == newSize { return [] }
    return try subproof(oldSize, in: 0..<newSize, isWhole: true)
  }

  /// The hash of a leaf as the tree has it.
  public func leaf(at index: UInt64) throws(JournalError) -> MerkleHash {
    try check(index < size, "no entry \(index) in a tree of size \(size)")
    return try hash(of: index..<index + 1)
  }

  private func check(_ condition: Bool, _ message: String) throws(JournalError) {
    if !condition { throw JournalError(.invalidArgument, message) }
  }

  private func path(_ index: UInt64, in range: Range<UInt64>) throws(JournalError) -> [MerkleHash] {
    if range.count == 1 { return [] }
    let middle = split(range)
    let (own, other) =
      index < middle
      ? (range.lowerBound..<middle, middle..<range.upperBound)
      : (middle..<range.upperBound, range.lowerBound..<middle)
    return try path(index, in: own) + [try hash(of: other)]
  }

  private func subproof(_ oldEnd: UInt64, in range: Range<UInt64>, isWhole: Bool) throws(JournalError) -> [MerkleHash] {
    if oldEnd == range.upperBound { return isWhole ? [] : [try hash(of: range)] }
    let middle = split(range)
    if oldEnd <= middle {
      return try subproof(oldEnd, in: range.lowerBound..<middle, isWhole: isWhole)
        + [try hash(of: middle..<range.upperBound)]
    }
    return try subproof(oldEnd, in: middle..<range.upperBound, isWhole: false)
      + [try hash(of: range.lowerBound..<middle)]
  }

  /// Where RFC 6962 splits: after the largest power of two smaller than the count.
  private func split(_ range: Range<UInt64>) -> UInt64 {
    let count = range.upperBound - range.lowerBound
    return range.lowerBound + (1 << UInt64(63 - (count - 1).leadingZeroBitCount))
  }

  /// The hash of a subtree: read if complete, else put together from its halves.
  private func hash(of range: Range<UInt64>) throws(JournalError) -> MerkleHash {
    let count = range.upperBound - range.lowerBound
    if count & (count - 1) == 0 { return try completeHash(height: count.trailingZeroBitCount, at: range.lowerBound) }
    let middle = split(range)
    return MerkleTree.node(
      try hash(of: range.lowerBound..<middle), try hash(of: middle..<range.upperBound))
  }

  /// The complete subtree of 2^height leaves that begins at `first`: some aligned hashes of one tile.
  private func completeHash(height: Int, at first: UInt64) throws(JournalError) -> MerkleHash {
    let level = height / Tile.height
    let position = first >> UInt64(level * Tile.height)
    let number = position / UInt64(Tile.width)
    let total = Tile.hashCount(level: level, size: size)
    let width = Int(min(UInt64(Tile.width), total - number * UInt64(Tile.width)))
    let hashes = try hashes(of: Tile(level: level, number: number, width: width))
    let start = Int(position % UInt64(Tile.width))
    return MerkleTree.root(over: hashes[start..<start + 1 << (height % Tile.height)])
  }
}
