import Windows

/// Which entries of the log the windows of a copy hold already: it was made piece by piece while calls went on, so that
/// some keys have seen more of the log than others.
public struct SnapshotCut: Sendable {
  /// The end of the last range: greater than any key, or equal to one that stands in its place.
  static let behindAllKeys = Hash128(high: .max, low: .max)

  private struct Range {
    var lastKey: Hash128
    var logIndex: UInt64
  }

  /// By counter, then by shard as they were when the copy was made; keys ascending.
  private var ranges: [[[Range]]]
  private var shards: Int?
  /// No piece holds anything of the entries from here on.
  public private(set) var endIndex: UInt64 = 0

  init(counters: Int) { ranges = Array(repeating: [], count: counters) }

  /// Notes a piece; false when it does not follow those before.
  mutating func add(_ head: EnginePiece.KeysHead, counter: Int) -> Bool {
    if shards == nil {
      shards = head.shards
      for counter in ranges.indices { ranges[counter] = Array(repeating: [], count: head.shards) }
    }
    guard head.shards == shards else { return false }
    if let last = ranges[counter][head.shard].last, !(last.lastKey < head.lastKey) { return false }
    ranges[counter][head.shard].append(Range(lastKey: head.lastKey, logIndex: head.logIndex))
    endIndex = max(endIndex, head.logIndex)
    return true
  }

  /// Whether every range of every counter is there.
  var isComplete: Bool {
    ranges.allSatisfy { shards in !shards.isEmpty && shards.allSatisfy { $0.last?.lastKey == Self.behindAllKeys } }
  }

  /// Whether the window of `key` holds what entry `index` counted in it.
  func holds(_ key: Hash128, counter: Int, index: UInt64) -> Bool {
    guard index < endIndex, let shards else { return false }
    let ranges = ranges[counter][key.shard(of: shards)]
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].lastKey < key { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && index < ranges[low].logIndex
  }
}
