import GatehouseProtocol
import Windows
import Wire

/// Stages 2 and 5: the ids.
extension Evaluator {
  func gatherIDs() {
    scratch.ids.removeAll()
    for index in 0..<turnCount where evaluations[turn[index]].hasID {
      scratch.ids.append(Int32(truncatingIfNeeded: turn[index]), shard: engine.shard(of: evaluations[turn[index]].id))
    }
    scratch.ids.sort()
  }

  /// Looks the ids up; true when one of them is reserved.
  func recall(_ shard: Shard, _ indices: UnsafeBufferPointer<Int32>) -> Bool {
    var isPending = false
    for index in indices { shard.answers.prefetch(evaluations[Int(scratch.ids.elements[Int(index)])].id) }
    for index in indices {
      let call = Int(scratch.ids.elements[Int(index)])
      switch shard.answers.recall(evaluations[call].id, content: evaluations[call].content, now: now) {
      case .new: evaluations[call].isReserved = true
      case .pending:
        evaluations[call].state = .waiting
        isPending = true
      case .answered(let bytes): repeatAnswer(call, bytes)
      case .conflict: refuse(call, Self.conflict)
      }
    }
    return isPending
  }

  func remember(_ shard: Shard, _ indices: UnsafeBufferPointer<Int32>) {
    for index in indices {
      let call = Int(scratch.ids.elements[Int(index)])
      guard evaluations[call].isReserved else { continue }
      if evaluations[call].state == .answered {
        shard.answers.remember(evaluations[call].id, answer: evaluations[call].answer, now: now)
      } else {
        shard.answers.release(evaluations[call].id)
      }
    }
  }

  /// The first answer again; but the record has by now reached what this call waits for, be it more or less.
  private func repeatAnswer(_ call: Int, _ bytes: UnsafeRawBufferPointer) {
    let durability = evaluations[call].durability
    evaluations[call].answer = scratch.writeAnswer { writer in
      writer.writeRaw(bytes)
      switch evaluations[call].method {
      case .evaluate: writer.writeRepeatedDecision(durability: durability)
      case .record: writer.writeRepeatedRecord(durability: durability)
      }
    }
    evaluations[call].state = .answered
    readLogIndex(call, bytes)
  }

  /// A repeat waits for the first record to be as safe as this call wants it.
  private func readLogIndex(_ call: Int, _ answer: UnsafeRawBufferPointer) {
    let field: UInt32 = evaluations[call].method == .evaluate ? 5 : 1
    var reader = WireReader(answer)
    while !reader.isAtEnd, let tag = try? reader.readTag() {
      if tag == WireTag(field, .varint), let index = try? reader.readVarint() {
        evaluations[call].logIndex = index
        evaluations[call].hasLogIndex = true
      } else if (try? reader.skip(tag)) == nil {
        return
      }
    }
  }

  private static let conflict = RPCError(
    .alreadyExists, "the activity's id was used before, for other content",
    violations: [RPCError.Violation(field: "activity.id", description: "use a new id for a new activity")],
    retry: .never)
}
