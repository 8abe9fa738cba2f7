import Rules
import Windows

/// Stage 3: the windows.
extension Evaluator {
  func gatherOperations() {
    let scratch = scratch
    scratch.rules._withUnsafeGuaranteedRef { rules in
      scratch.operations.removeAll()
      for index in 0..<turnCount {
        let evaluation = evaluations + turn[index]
        guard evaluation.pointee.state == .active, evaluation.pointee.kind >= 0 else { continue }
        rules.plan(
          kind: evaluation.pointee.kind, fields: &scratch.fields[turn[index]], time: evaluation.pointee.time,
          number: turn[index], contribution: contribution(of: evaluation.pointee, scratch), into: scratch.operations)
      }
    }
  }

  @inline(__always)
  private func contribution(of evaluation: Evaluation, _ scratch: EvaluationScratch) -> WindowContribution {
    scratch.isTooLate(evaluation) ? .none : evaluation.isRecorded ? .record : .asIf
  }

  /// Table by table; while one is busy with its operations, the memory that the next one begins with is on its way.
  func observe(_ shard: Shard) {
    let scratch = scratch
    let tables = scratch.generation.tables(ofShard: shard.number)
    let counters = scratch.operations.counters
    var total = 0
    var operations = scratch.operations.operations(ofShard: shard.number, counter: 0)
    tables[0]._withUnsafeGuaranteedRef { $0.prefetch(operations) }
    for counter in 0..<counters {
      let current = operations
      if counter + 1 < counters {
        operations = scratch.operations.operations(ofShard: shard.number, counter: counter + 1)
        tables[counter + 1]._withUnsafeGuaranteedRef { $0.prefetch(operations) }
      }
      guard !current.isEmpty else { continue }
      tables[counter]._withUnsafeGuaranteedRef {
        $0.observe(current, spans: scratch.generation.rules.spans, into: scratch.allReadings)
      }
      total += current.count
    }
    shard.sweep(scratch.generation, before: now, operations: total)
  }
}
