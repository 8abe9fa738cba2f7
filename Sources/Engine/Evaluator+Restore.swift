import GatehouseProtocol
import Wire

/// Replay: brings windows and remembered answers to where the log says they were.
extension Evaluator {
  /// Counts up to `maxCalls` logged activities again, in order, and remembers their answers; nothing is judged or
  /// written.
  ///
  /// - Parameters:
  ///   - cut: what the windows hold already, if a copy was loaded before. Entries below its end come one at a time.
  ///   - place: where the chunk stands among those that other evaluators restore at the same time.
  /// - Throws: when an entry is not a `LogEntry` of the contract; those before it are restored.
  public func restore(
    _ entries: UnsafeBufferPointer<LoggedEntry>, behind cut: SnapshotCut? = nil,
    at place: RestoreOrder.Place = RestoreOrder().next()
  ) throws(LoggedEntryError) {
    precondition(entries.count <= Self.maxCalls, "a chunk has at most maxCalls entries")
    requests = UnsafeBufferPointer(start: nil, count: 0)
    var failure: LoggedEntryError?
    chunk {
      turnCount = 0
      for entry in entries where failure == nil {
        do throws(WireError) {
          try read(entry)
        } catch {
          failure = LoggedEntryError(index: entry.index, cause: error)
        }
      }
      noteHistory()
      takeUpRestored(entries, behind: cut, at: place)
    }
    if let failure { throw failure }
  }

  private func read(_ entry: LoggedEntry) throws(WireError) {
    let parts = try LogEntryParts(entry.bytes)
    guard let activity = parts.activity else { return }
    if let decision = parts.decision, decision.count > EvaluationScratch.maxAnswerBytes {
      throw WireError(.messageTooLarge, at: 0)
    }
    let call = turnCount
    let view = try ActivityView(activity)
    evaluations[call] = Evaluation()
    evaluations[call].method = parts.decision == nil ? .record : .evaluate
    adopt(call, view, in: activity, activity: activity, createdAt: parts.createdAt)
    now = parts.createdAt
    evaluations[call].answer = scratch.writeAnswer { writer in
      let durable = Durability.durable.rawValue
      if let decision = parts.decision {
        writer.writeRaw(decision)
        writer.writeOutcome(logIndex: entry.index, createdAt: parts.createdAt, durability: durable)
      } else {
        writer.writeRecorded(
          logIndex: entry.index, createdAt: parts.createdAt, durability: durable,
          isTooLate: scratch.isTooLate(evaluations[call]))
      }
    }
    turn[call] = call
    turnCount += 1
  }

  private func takeUpRestored(
    _ entries: UnsafeBufferPointer<LoggedEntry>, behind cut: SnapshotCut?, at place: RestoreOrder.Place
  ) {
    gatherIDs()
    gatherOperations()
    if let cut, let index = entries.first?.index, index < cut.endIndex {
      precondition(entries.count == 1, "entries that a copy may hold already come one at a time")
      scratch.operations.leaveOut { counter, key in cut.holds(key, counter: counter, index: index) }
    }
    place.count { takeTickets(forBook: false) }
    observeAll()
    place.remember { restoreAll() }
  }

  func restore(_ shard: Shard, _ indices: UnsafeBufferPointer<Int32>) {
    for index in indices { shard.answers.prefetch(evaluations[Int(scratch.ids.elements[Int(index)])].id) }
    for index in indices {
      let evaluation = evaluations[Int(scratch.ids.elements[Int(index)])]
      let recall = shard.answers.recall(evaluation.id, content: evaluation.content, now: evaluation.createdAt)
      guard case .new = recall else { continue }
      shard.answers.remember(evaluation.id, answer: evaluation.answer, now: evaluation.createdAt)
    }
  }
}
