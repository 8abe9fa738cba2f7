/// What an engine holds, at one moment.
public struct EngineStatistics: Sendable, Hashable {
  /// Window keys, over all counters and shards.
  public var keys = 0
  /// Bytes of their windows.
  public var windowBytes = 0
  /// Keys that gave way to others because a table was full, of the counters in force: see `EngineConfiguration`.
  public var evictedKeys: UInt64 = 0
  /// Events that sums, averages and extremes had to drop because one key had more than a window keeps.
  public var droppedEvents: UInt64 = 0
  /// Activities recorded since the start that were too late for any counter.
  public var tooLateActivities: UInt64 = 0
  /// Activity ids whose answers are remembered.
  public var rememberedIDs = 0
  /// Ids that had to be forgotten within the retention.
  public var forgottenEarly: UInt64 = 0
}

extension Engine {
  /// Asks every shard in turn; waits for at most what each has under way.
  public func statistics() -> EngineStatistics {
    var statistics = EngineStatistics()
    statistics.tooLateActivities = tooLateActivities.load(ordering: .relaxed)
    let generation = generation
    for shard in shards {
      shard.queue.sync { shard.add(to: &statistics, generation) }
    }
    return statistics
  }
}

extension Shard {
  fileprivate func add(to statistics: inout EngineStatistics, _ generation: Generation) {
    assertConfined()
    for table in generation.ownedTables(ofShard: number) {
      statistics.keys += table.count
      statistics.windowBytes += table.bytes
      statistics.evictedKeys += table.evictedKeys
      statistics.droppedEvents += table.droppedEvents
    }
    statistics.rememberedIDs += answers.count
    statistics.forgottenEarly += answers.forgottenEarly
  }
}
