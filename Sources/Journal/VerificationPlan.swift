import Glibc

/// What all parts of a verification know.
struct VerificationPlan: Sendable {
  /// How much a part reads before it tells of its progress.
  static let stepBytes: UInt64 = 4 << 20

  let storage: any Storage
  /// The directory's own checkpoint: the tiles are those of its size.
  let checkpoint: Checkpoint
  /// The tiles of level 0, by number, inside which the tree of an expected checkpoint ends.
  let splitTiles: Set<UInt64>

  /// - Parameter expected: the checkpoints whose roots are to come out, `checkpoint` among them.
  init(storage: any Storage, checkpoint: Checkpoint, expected: [Checkpoint]) {
    self.storage = storage
    self.checkpoint = checkpoint
    splitTiles = Set(expected.filter { $0.size % UInt64(Tile.width) != 0 }.map { $0.size / UInt64(Tile.width) })
  }

  /// How a tile's file differs from what it must hold; nil if it does not, or if no checkpoint covers so much.
  func difference(of tile: Tile, from hashes: [MerkleHash]) -> TileDifference? {
    let end = tile.number * UInt64(Tile.width) + UInt64(tile.width)
    guard Tile.hashCount(level: tile.level, size: checkpoint.size) >= end else { return nil }
    do throws(JournalError) {
      let bytes = try TileReader.bytes(of: tile, in: storage)
      return Self.isSame(hashes, bytes) ? nil : .hash(at: firstDifference(hashes, bytes))
    } catch {
      return .unreadable(error)
    }
  }

  /// Whether the bytes, which are at least as many, begin with those of the hashes.
  private static func isSame(_ hashes: [MerkleHash], _ bytes: [UInt8]) -> Bool {
    hashes.withUnsafeBytes { hashes in
      bytes.withUnsafeBytes { bytes in
        guard let own = hashes.baseAddress, let other = bytes.baseAddress else { return hashes.isEmpty }
        return memcmp(own, other, hashes.count) == 0
      }
    }
  }

  private func firstDifference(_ hashes: [MerkleHash], _ bytes: [UInt8]) -> Int {
    let size = MerkleHash.byteCount
    return hashes.indices.first { MerkleHash(bytes[$0 * size..<($0 + 1) * size]) != hashes[$0] } ?? 0
  }
}

/// How a tile's file differs from what it must hold.
enum TileDifference {
  /// In this hash, and perhaps in later ones.
  case hash(at: Int)
  /// It is missing or too short.
  case unreadable(JournalError)
}
