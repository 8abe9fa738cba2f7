import Dispatch

/// A part of the keys and ids, by hash, and the worker queue which alone touches them: the windows of those keys, which
/// stand in the `Generation`, and the answers of those ids.
///
/// `@unchecked Sendable`: everything mutable is reached on `queue` only, which `assertConfined` checks.
final class Shard: @unchecked Sendable {
  let number: Int
  /// Serial. An uncontended `sync` runs on the caller's thread, so a quiet shard costs no hop.
  let queue: DispatchQueue
  /// Who counts enters in the order of the log.
  let turnstile = Turnstile()
  /// Counts the visits that left an id answered or free again.
  let settled = EventCount()
  let answers: AnswerMemory
  private var nextSwept = 0
  /// Slots looked at for expired keys, for each operation: enough to go round the tables before they have doubled.
  private static let sweptSlotsPerOperation = 2

  init(number: Int, configuration: EngineConfiguration) {
    self.number = number
    queue = DispatchQueue(label: "gatehouse.shard.\(number)")
    answers = AnswerMemory(
      entries: configuration.rememberedIDs / configuration.shards,
      bytes: configuration.rememberedAnswerBytes / configuration.shards,
      retentionSeconds: configuration.retentionSeconds)
  }

  func assertConfined() { dispatchPrecondition(condition: .onQueue(queue)) }

  /// Forgets what no reading can reach any more: one table at a time, a little at each call.
  func sweep(_ generation: Generation, before now: Int64, operations: Int) {
    assertConfined()
    let count = generation.rules.counters.count
    guard count > 0 else { return }
    nextSwept = (nextSwept + 1) % count
    generation.tables(ofShard: number)[nextSwept]._withUnsafeGuaranteedRef {
      _ = $0.expire(before: now, budget: operations * Self.sweptSlotsPerOperation)
    }
  }
}
