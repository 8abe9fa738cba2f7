@preconcurrency import Dispatch
import Rules
import Synchronization
import Windows

extension Engine {
  /// Puts another rule set in force, between two chunks of every evaluator: no call is judged by a mixture.
  ///
  /// Counters of both sets keep their windows. One whose rules now need more of it keeps what it has, and is exact
  /// again once as much time has passed as it newly looks back on; one that is new begins empty. Calls wait meanwhile:
  /// counters whose shape has changed are copied, shards side by side, which takes some 1.5 µs a key and processor.
  ///
  /// - Parameters:
  ///   - time: from when on new counters see what happens (`Coverage`), Unix milliseconds: the server's clock or, in a
  ///     replay, what it showed.
  ///   - recording: called in between, when nothing else can fail: what it appends to the book stands behind the
  ///     entries of all calls under the old rules and before those of all under the new.
  /// - Throws: `EngineError`, `WireError` as `init` does, and what `recording` throws; then nothing has changed.
  public func adopt(_ rules: RuleSet, at time: Int64, recording: () throws -> Void = {}) throws {
    try atStandstill {
      let next = try Self.checked(
        Generation(
          rules: rules, tables: tables(for: rules), coverage: coverage(for: rules, at: time), adoptedAt: time))
      try recording()
      current.withLock { $0 = next }
    }
  }

  /// Rules that come before the first activity miss nothing.
  private func coverage(for rules: RuleSet, at time: Int64) -> Coverage {
    let old = generation
    guard hasHistory.load(ordering: .relaxed) else { return old.coverage }
    return old.coverage.adopting(
      rules, over: old.rules, at: time, skew: configuration.allowedSkewMilliseconds)
  }

  private func tables(for rules: RuleSet) throws -> [[WindowTable]] {
    let old = generation
    let known = Dictionary(
      old.rules.counters.enumerated().map { ($1.identity, $0) }, uniquingKeysWith: { first, _ in first })
    @Sendable func tables(of shard: Shard) throws -> [WindowTable] {
      try rules.counters.map { counter in
        let before = known[counter.identity].map { old.ownedTables(ofShard: shard.number)[$0] }
        return try table(for: counter, before: before)
      }
    }
    // Unsafe: each shard's work writes its own element, on the shard's queue, and all is done when `concurrentPerform`
    // returns.
    nonisolated(unsafe) let made = UnsafeMutableBufferPointer<Result<[WindowTable], any Error>>.allocate(
      capacity: shards.count)
    defer { made.deallocate() }
    DispatchQueue.concurrentPerform(iterations: shards.count) { index in
      let result = shards[index].queue.sync { Result { try tables(of: shards[index]) } }
      made.initializeElement(at: index, to: result)
    }
    defer { made.deinitialize() }
    return try made.map { try $0.get() }
  }

  private func table(for counter: CounterPlan, before: WindowTable?) throws -> WindowTable {
    if let before, before.shape == counter.shape { return before }
    let table = WindowTable(shape: counter.shape, maximumKeys: configuration.maxKeysPerTable)
    guard let before, before.shape.aggregate == counter.shape.aggregate else { return table }
    var last: Hash128?
    repeat {
      var bytes: [UInt8] = []
      last = before.exportKeys(after: last, limit: Self.keysMovedAtOnce, to: &bytes)
      try bytes.withUnsafeBytes { try table.importKeys($0) }
    } while last != nil
    table.inheritLosses(of: before)
    return table
  }

  private static let keysMovedAtOnce = 4_096
}
