import Synchronization

/// What a start needs to know and to say about windows that are not whole.
extension Engine {
  /// From when on the windows of the rules in force are whole: for a snapshot, beside the windows themselves.
  public var coverage: Coverage { generation.coverage }

  /// Takes up what was known of the windows of the rules in force: for a start from a snapshot. To be called before anything
  /// else uses the engine.
  ///
  /// - Throws: `EngineError`, `WireError` as `init` does.
  public func resume(_ coverage: Coverage) throws {
    hasHistory.store(true, ordering: .relaxed)
    let resumed = try Self.checked(generation.with(coverage))
    current.withLock { $0 = resumed }
  }

  /// Takes note that what was recorded before `time` is gone and will not be counted: for a replay of a log whose first
  /// entries were removed. To be called before anything else uses the engine.
  ///
  /// - Throws: `EngineError`, `WireError` as `init` does.
  public func beginHistory(at time: Int64) throws {
    try resume(Coverage(wholeFrom: Dictionary(rules.counters.map { ($0.identity, time) }) { first, _ in first }))
  }
}

extension Evaluator {
  /// Once something is recorded, counters that come later have missed it.
  func noteHistory() {
    guard !engine.hasHistory.load(ordering: .relaxed) else { return }
    if (0..<turnCount).contains(where: { evaluations[turn[$0]].isRecorded }) {
      engine.hasHistory.store(true, ordering: .relaxed)
    }
  }
}
