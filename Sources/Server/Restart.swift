import Engine
import GatehouseProtocol
import Journal
import Rules
import Windows

/// Brings an engine to where it was when the server ended, however it ended: from the newest snapshot that can be used and
/// the log behind it, or from the log alone.
struct Restart {
  let configuration: GatehouseConfiguration
  let rulebook: Rulebook
  let report: @Sendable (String) -> Void
  let isStopping: @Sendable () -> Bool

  /// What has come back.
  struct Outcome {
    let engine: Engine
    /// Of the snapshot that was used; 0 without one.
    var snapshotIndex: UInt64 = 0
    /// The last that the log says of what is kept.
    var retention: RetentionPolicy?
  }

  /// - Parameter journal: nil without a log: the engine is then empty.
  func run(_ journal: Journal?, progress: (ReplayProgress) -> Void) throws(GatehouseServerError) -> Outcome {
    guard let journal else { return Outcome(engine: try freshEngine(nil)) }
    if let restored = try fromSnapshot(journal) {
      rulebook.resume(restored.rules, restored.versions)
      var replay = Replay(journal, into: restored.engine, rulebook, isStopping: isStopping)
      try replay.run(from: restored.index, behind: restored.cut, progress: progress)
      return Outcome(
        engine: restored.engine, snapshotIndex: restored.index, retention: replay.retention ?? restored.retention)
    }
    let engine = try freshEngine(journal)
    var replay = Replay(journal, into: engine, rulebook, isStopping: isStopping)
    try replay.run(from: journal.firstIndex, behind: nil, progress: progress)
    return Outcome(engine: engine, retention: replay.retention)
  }

  /// What the newest usable snapshot holds; those that cannot be used are reported, and cost time only.
  private func fromSnapshot(_ journal: Journal) throws(GatehouseServerError) -> RestoredState? {
    let end = journal.writer.writtenIndex
    do {
      let found = try journal.snapshots.newest(atMost: end) { snapshot in
        var loading = SnapshotLoading(rulebook: rulebook, logEnd: end) { rules, hasher in
          try makeEngine(rules, hasher, journal)
        }
        return try loading.load(snapshot, isStopping: isStopping)
      }
      if isStopping() { throw GatehouseServerError.stopped }
      for ignored in found.ignored { report("the snapshot \(ignored.path) is not used: \(ignored.reason)") }
      return found.result
    } catch let error as GatehouseServerError {
      throw error
    } catch {
      throw .journal(JournalError(.storage, "\(error)"))
    }
  }

  private func freshEngine(_ journal: Journal?) throws(GatehouseServerError) -> Engine {
    var random = SystemRandomNumberGenerator()
    // Drawn anew unless a snapshot keeps what was hashed: nobody outside can aim at a key.
    let hasher = KeyHasher(key0: random.next(), key1: random.next())
    do {
      return try makeEngine(rulebook.rules.ruleSet, hasher, journal)
    } catch {
      throw .engine(error)
    }
  }

  private func makeEngine(_ rules: RuleSet, _ hasher: KeyHasher, _ journal: Journal?) throws -> Engine {
    try Engine(
      rules: rules, hasher: hasher, configuration: configuration.engine,
      book: journal.map { JournalBook($0.writer, ioQueues: configuration.transport.ioQueues) })
  }
}
