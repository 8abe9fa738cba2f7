import Windows

/// Pieces of an engine's state in bytes, for snapshots. Numbers are little-endian.
///
/// **Keys** of one counter in one shard: a range of them, as they were after some entry of the log.
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 16 | the counter's identity: `high`, `low` |
/// | 16 | 4 | the shard, UInt32 |
/// | 20 | 4 | how many shards there were, UInt32 |
/// | 24 | 8 | the log index: what the entries below it counted is in, what later ones did is not |
/// | 32 | 16 | the last key of the range, all ones behind the last key of all; the range begins behind the piece before |
/// | 48 | … | the keys, as `WindowTable.exportKeys` writes them |
///
/// **Losses** of one counter in one shard have the same head, of which the index and the key mean nothing, and behind it
/// what `WindowTable.exportLosses` writes.
///
/// **Answers** are as `AnswerMemory.exportAnswers` writes them, with nothing before them.
public enum EnginePiece: UInt8, Sendable {
  case keys = 1
  case answers = 2
  case losses = 3

  /// Counts up whenever keys, values or ids are hashed in another way, so that what was kept means nothing any longer.
  public static let derivation: UInt32 = 2

  /// What stands before the keys.
  struct KeysHead {
    static let byteCount = 48

    var counter: Hash128
    var shard: Int
    var shards: Int
    var logIndex: UInt64
    var lastKey: Hash128

    func append(to bytes: inout [UInt8]) {
      bytes.appendInteger(counter.high)
      bytes.appendInteger(counter.low)
      bytes.appendInteger(UInt32(shard))
      bytes.appendInteger(UInt32(shards))
      bytes.appendInteger(logIndex)
      bytes.appendInteger(lastKey.high)
      bytes.appendInteger(lastKey.low)
    }
  }
}

extension EnginePiece.KeysHead {
  /// Reads the head of a piece; nil if it is too short or names a shard that cannot be.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.byteCount else { return nil }
    counter = Hash128(high: bytes.integer(at: 0), low: bytes.integer(at: 8))
    shard = Int(bytes.integer(at: 16, as: UInt32.self))
    shards = Int(bytes.integer(at: 20, as: UInt32.self))
    logIndex = bytes.integer(at: 24)
    lastKey = Hash128(high: bytes.integer(at: 32), low: bytes.integer(at: 40))
    guard (1...256).contains(shards), shard < shards else { return nil }
  }
}
