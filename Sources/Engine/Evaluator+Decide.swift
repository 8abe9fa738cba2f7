import GatehouseProtocol
import Rules
import Wire

/// Stage 4: the verdicts, the book and the answers.
extension Evaluator {
  /// What was asked of the book before anything was counted.
  struct Reservation {
    var count = 0
    var byteCount = 0
    /// Somebody waits for durability.
    var isDurable = false
  }

  /// Bytes of an entry around its activity and its decision.
  private static let entryFramingBytes = 64

  /// How many of the calls, from the first on, the book can be asked to promise room for at once, whatever is decided.
  func countToRecord(_ requests: UnsafeBufferPointer<EvaluationRequest>) -> Int {
    guard let book = engine.book else { return requests.count }
    let decisionBytes = scratch.generation.maxDecisionBytes
    var room = book.reservationBytes
    for (count, request) in requests.enumerated() {
      room -= request.payload.count + decisionBytes + Self.entryFramingBytes
      if room < 0 { return max(1, count) }
    }
    return requests.count
  }

  /// Makes sure that what this turn records can be appended; refuses it otherwise, before it is counted.
  func reserveEntries() -> Reservation {
    var reservation = Reservation()
    guard let book = engine.book else { return reservation }
    let decisionBytes = scratch.generation.maxDecisionBytes
    for call in recordedCalls {
      reservation.count += 1
      if evaluations[call].durability == Durability.durable.rawValue { reservation.isDurable = true }
      reservation.byteCount += evaluations[call].activity.count + decisionBytes + Self.entryFramingBytes
    }
    guard reservation.count > 0 else { return reservation }
    do throws(BookRefusal) {
      try book.reserve(count: reservation.count, byteCount: reservation.byteCount)
      return reservation
    } catch {
      refuseRecorded(error)
      return Reservation()
    }
  }

  func decideAll() {
    // Once for all calls: each time they are reached through the evaluator references are counted.
    let scratch = scratch
    let isLogged = engine.book != nil
    scratch.entryCount = 0
    for index in 0..<turnCount where evaluations[turn[index]].state == .active {
      decide(turn[index], scratch, isLogged: isLogged)
    }
  }

  /// Appends the entries and completes the answers with what became of them.
  func appendEntries(_ reservation: Reservation) {
    if let book = engine.book, reservation.count > 0 {
      do throws(BookRefusal) {
        let first = try book.append(
          scratch.entryBytes, ends: scratch.entryEnds, reservedCount: reservation.count,
          reservedBytes: reservation.byteCount, durable: reservation.isDurable)
        for index in 0..<scratch.entryCount {
          let call = Int(scratch.entryCalls[index])
          evaluations[call].logIndex = first + UInt64(index)
          evaluations[call].hasLogIndex = true
        }
      } catch {
        refuseRecorded(error)
      }
    }
    for index in 0..<turnCount where evaluations[turn[index]].state == .active { complete(turn[index]) }
  }

  private func decide(_ call: Int, _ scratch: EvaluationScratch, isLogged: Bool) {
    if evaluations[call].method == .evaluate {
      evaluations[call].answer = scratch.judge(
        call, kind: evaluations[call].kind, time: evaluations[call].time,
        isTooLate: scratch.isTooLate(evaluations[call]))
    } else {
      evaluations[call].answer = scratch.writeNothing()
    }
    if evaluations[call].isRecorded && isLogged {
      scratch.writeEntry(
        call, createdAt: evaluations[call].createdAt, activity: evaluations[call].activity,
        decision: evaluations[call].method == .evaluate ? evaluations[call].answer : nil)
    }
  }

  private func complete(_ call: Int) {
    let evaluation = evaluations[call]
    let isTooLate = scratch.isTooLate(evaluation)
    if isTooLate && evaluation.isRecorded { engine.tooLateActivities.add(1, ordering: .relaxed) }
    evaluations[call].answer = scratch.extend(evaluation.answer) { writer in
      let index = evaluation.hasLogIndex ? evaluation.logIndex : nil
      switch evaluation.method {
      case .evaluate:
        writer.writeOutcome(logIndex: index, createdAt: evaluation.createdAt, durability: evaluation.durability)
      case .record:
        writer.writeRecorded(
          logIndex: index, createdAt: evaluation.createdAt, durability: evaluation.durability,
          isTooLate: isTooLate)
      }
    }
    evaluations[call].state = .answered
  }

  private func refuseRecorded(_ refusal: BookRefusal) {
    for call in recordedCalls { refuse(call, RPCError(refusal)) }
  }

  /// The calls of this turn that are to be recorded.
  private var recordedCalls: some Sequence<Int> {
    UnsafeBufferPointer(start: turn, count: turnCount).lazy.filter { [evaluations] call in
      evaluations[call].state == .active && evaluations[call].isRecorded
    }
  }
}
