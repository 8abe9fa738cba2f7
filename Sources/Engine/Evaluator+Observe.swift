import Rules
import Windows

/// Stage 3: the windows.
extension Evaluator {
  /// How many observations ahead a slot's memory is asked for: enough to hide a miss, few enough to stay in the first cache.
  private static let prefetchDistance = 12

  func gatherOperations() {
    scratch.operations.removeAll()
    for index in 0..<turnCount {
      let call = turn[index]
      guard evaluations[call].state == .active, evaluations[call].kind >= 0 else { continue }
      gatherOperations(call)
    }
    scratch.operations.sort()
  }

  private func gatherOperations(_ call: Int) {
    let rules = scratch.generation.rules
    let count = rules.plan(
      kind: evaluations[call].kind, fields: &scratch.fields[call], time: evaluations[call].time, hasher: engine.hasher,
      into: scratch.plannedOperations)
    for index in 0..<count {
      let operation = scratch.plannedOperations[index]
      (scratch.operationCalls + scratch.operations.count).initialize(to: Int32(truncatingIfNeeded: call))
      scratch.operations.append(operation, shard: engine.shard(of: operation.key))
    }
  }

  func observe(_ shard: Shard, _ indices: UnsafeBufferPointer<Int32>) {
    let ahead = min(Self.prefetchDistance, indices.count)
    for position in 0..<ahead { prefetch(shard, Int(indices[position])) }
    for position in 0..<indices.count {
      if position + ahead < indices.count { prefetch(shard, Int(indices[position + ahead])) }
      observe(shard, Int(indices[position]))
    }
    shard.sweep(before: now, operations: indices.count)
  }

  @inline(__always)
  private func prefetch(_ shard: Shard, _ index: Int) {
    let operation = scratch.operations.elements[index]
    shard.table(scratch.generation.tableSlots[Int(operation.counter)])?.prefetch(operation.key)
  }

  @inline(__always)
  private func observe(_ shard: Shard, _ index: Int) {
    let operation = scratch.operations.elements[index]
    let call = Int(scratch.operationCalls[index])
    let first = Int(operation.firstReading)
    guard let table = shard.table(scratch.generation.tableSlots[Int(operation.counter)]) else { return }
    table.observe(
      operation.key, at: evaluations[call].time, value: UInt64(bitPattern: operation.value),
      contribution: contribution(operation, call, lateness: table.shape.latenessMilliseconds),
      spans: scratch.generation.rules.spans + first, spanCount: Int(operation.readingCount),
      into: scratch.readings(call) + first)
  }

  /// An activity later than the windows remember keys for is recorded, and counts nowhere.
  @inline(__always)
  private func contribution(_ operation: WindowOperation, _ call: Int, lateness: Int64) -> WindowContribution {
    guard operation.contributes, evaluations[call].createdAt &- evaluations[call].time <= lateness else { return .none }
    return evaluations[call].isRecorded ? .record : .asIf
  }
}
