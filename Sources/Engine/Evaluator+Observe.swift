import Rules
import Windows

/// Stage 3: the windows.
extension Evaluator {
  /// How many observations ahead a slot's memory is asked for: enough to hide a miss, few enough to stay in the first
  /// cache.
  private static let prefetchDistance = 12

  func gatherOperations() {
    let scratch = scratch
    let rules = scratch.generation.rules
    scratch.operations.removeAll()
    for index in 0..<turnCount {
      let call = turn[index]
      guard evaluations[call].state == .active, evaluations[call].kind >= 0 else { continue }
      let count = rules.plan(
        kind: evaluations[call].kind, fields: &scratch.fields[call], time: evaluations[call].time,
        hasher: engine.hasher,
        into: scratch.plannedOperations)
      for planned in 0..<count {
        let operation = scratch.plannedOperations[planned]
        (scratch.operationCalls + scratch.operations.count).initialize(to: Int32(truncatingIfNeeded: call))
        scratch.operations.append(operation, shard: engine.shard(of: operation.key))
      }
    }
    scratch.operations.sort()
  }

  func observe(_ shard: Shard, _ indices: UnsafeBufferPointer<Int32>) {
    let generation = scratch.generation
    let tables = generation.tables(ofShard: shard.number)
    let operations = scratch.operations.elements
    let ahead = min(Self.prefetchDistance, indices.count)
    for position in 0..<ahead { prefetch(operations[Int(indices[position])], tables) }
    for position in 0..<indices.count {
      if position + ahead < indices.count { prefetch(operations[Int(indices[position + ahead])], tables) }
      let index = Int(indices[position])
      let call = Int(scratch.operationCalls[index])
      observe(operations[index], evaluations[call], tables, generation.rules.spans, scratch.readings(call))
    }
    shard.sweep(generation, before: now, operations: indices.count)
  }

  @inline(__always)
  private func prefetch(_ operation: WindowOperation, _ tables: UnsafeMutablePointer<Unmanaged<WindowTable>>) {
    tables[Int(operation.counter)]._withUnsafeGuaranteedRef { $0.prefetch(operation.key) }
  }

  @inline(__always)
  private func observe(
    _ operation: WindowOperation, _ evaluation: Evaluation, _ tables: UnsafeMutablePointer<Unmanaged<WindowTable>>,
    _ spans: UnsafePointer<Int64>, _ readings: UnsafeMutablePointer<WindowReading>
  ) {
    let first = Int(operation.firstReading)
    tables[Int(operation.counter)]._withUnsafeGuaranteedRef { table in
      // An activity later than the windows remember keys for is recorded, and counts nowhere.
      let counts =
        operation.contributes
        && evaluation.createdAt &- evaluation.time <= table.shape.latenessMilliseconds
      table.observe(
        operation.key, at: evaluation.time, value: UInt64(bitPattern: operation.value),
        contribution: counts ? (evaluation.isRecorded ? .record : .asIf) : .none, spans: spans + first,
        spanCount: Int(operation.readingCount), into: readings + first)
    }
  }
}
