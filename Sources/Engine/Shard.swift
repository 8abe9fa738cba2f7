import Dispatch
import Windows

/// One worker queue and what only it may touch: for every counter the windows of the keys that hash to it, and the answers
/// of the ids that do.
///
/// `@unchecked Sendable`: everything mutable is reached on `queue` only, which `assertConfined` checks.
final class Shard: @unchecked Sendable {
  /// Serial; an uncontended `sync` runs on the caller's thread.
  let queue: DispatchQueue
  /// By table slot (see `Generation`); nil where a counter is gone.
  private var tables: [WindowTable?] = []
  var answers: AnswerMemory

  private var nextSwept = 0
  /// Slots looked at for expired keys, for each operation: enough to go round the tables before they have doubled.
  private static let sweptSlotsPerOperation = 2

  init(number: Int, configuration: EngineConfiguration) {
    queue = DispatchQueue(label: "gatehouse.shard.\(number)")
    answers = AnswerMemory(
      entries: configuration.rememberedIDs / configuration.shards,
      bytes: configuration.rememberedAnswerBytes / configuration.shards,
      retentionSeconds: configuration.retentionSeconds)
  }

  func assertConfined() {
    assert({ dispatchPrecondition(condition: .onQueue(queue)); return true }())
  }

  func table(_ slot: Int) -> WindowTable? { slot < tables.count ? tables[slot] : nil }

  func forEachTable(_ body: (WindowTable) -> Void) {
    for case let table? in tables { body(table) }
  }

  /// Puts a table, or nothing, at a slot.
  func setTable(_ table: WindowTable?, at slot: Int) {
    assertConfined()
    while tables.count <= slot { tables.append(nil) }
    tables[slot] = table
  }

  /// Forgets what no reading can reach any more: one table at a time, a little at each call.
  func sweep(before now: Int64, operations: Int) {
    guard !tables.isEmpty else { return }
    nextSwept = (nextSwept + 1) % tables.count
    tables[nextSwept]?.expire(before: now, budget: operations * Self.sweptSlotsPerOperation)
  }
}
