/// A part of the keys and ids, by hash: the windows of those keys, which stand in the `Generation`, and the answers of
/// those ids, each under a lock of its own, for the thread that comes.
///
/// `@unchecked Sendable`: the windows and what goes with them are touched under `windowLock` only, `answers` under
/// `answerLock` only, both of which assert it.
final class Shard: @unchecked Sendable {
  let number: Int
  /// Turns at it are taken by `Engine.takeTurns`, so that keys are counted in the order of the log.
  let windowLock = TurnLock()
  let answerLock = TurnLock()
  let answers: AnswerMemory
  private var nextSwept = 0
  /// Slots looked at for expired keys, for each operation: enough to go round the tables before they have doubled.
  private static let sweptSlotsPerOperation = 2

  init(number: Int, configuration: EngineConfiguration) {
    self.number = number
    answers = AnswerMemory(
      entries: configuration.rememberedIDs / configuration.shards,
      bytes: configuration.rememberedAnswerBytes / configuration.shards,
      retentionSeconds: configuration.retentionSeconds)
  }

  /// Forgets what no reading can reach any more: one table at a time, a little at each call.
  func sweep(_ generation: Generation, before now: Int64, operations: Int) {
    windowLock.assertHeld()
    let count = generation.rules.counters.count
    guard count > 0 else { return }
    nextSwept = (nextSwept + 1) % count
    generation.tables(ofShard: number)[nextSwept]._withUnsafeGuaranteedRef {
      _ = $0.expire(before: now, budget: operations * Self.sweptSlotsPerOperation)
    }
  }
}
