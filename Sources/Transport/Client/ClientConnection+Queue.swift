import Wire

extension ClientConnection {
  /// Buffers that keep their memory between rounds.
  final class Scratch: @unchecked Sendable {
    // @unchecked: touched on the connection's queue only, by the methods of this file, which assert it.
    var frames: [UInt8] = []
    var calls: [PendingCall?] = []
  }

  /// How late a local deadline may be told.
  private static let deadlineGranularityNanoseconds: UInt64 = 1_000_000
  /// Automatic credit is granted in lots of as many items: half of what a stream starts with.
  private static let creditLot: UInt32 = 8

  /// Takes the frames that were gathered and has them written.
  func flush() {
    queue.preconditionOnQueue()
    let deadline = state.withLock { state in
      swap(&state.frames, &scratch.frames)
      state.isFlushDue = false
      state.lastTaken = state.table.lastID
      return state.earliestDeadline
    }
    if !scratch.frames.isEmpty {
      scratch.frames.withUnsafeBytes { channel.append(frames: $0) }
      scratch.frames.removeAll(keepingCapacity: true)
      channel.flush()
    }
    if deadline != .max {
      channel.wake(at: max(deadline, queue.currentTime + Self.deadlineGranularityNanoseconds))
    }
  }

  /// Tells the callers of one read's answers; what they send meanwhile leaves in one write afterwards.
  func received(_ answers: AnswerBatch) {
    queue.preconditionOnQueue()
    scratch.calls.removeAll(keepingCapacity: true)
    state.withLock { state in
      state.isFlushDue = true
      for index in 0..<answers.count {
        let answer = answers[index]
        scratch.calls.append(answer.isItem ? state.noteItem(answer.call) : state.table.remove(answer.call))
      }
    }
    for index in 0..<answers.count {
      guard let call = scratch.calls[index] else { continue }
      tell(call, answers[index])
    }
    scratch.calls.removeAll(keepingCapacity: true)
    flush()
  }

  private func tell(_ call: PendingCall, _ answer: Answer) {
    guard answer.isItem else {
      return call.tell(answer.error.map { .failure($0) } ?? .success(answer.payload))
    }
    guard case .stream(let handler) = call.receiver else { return }
    handler.item(answer.payload)
    if handler.grantsAutomatically, call.itemsSinceCredit >= Self.creditLot {
      channel.appendCredit(call: answer.call, items: call.itemsSinceCredit)
      state.withLock { $0.resetCredit(answer.call) }
    }
  }

  /// Tells a call that it is over and asks the server to stop it.
  func abandon(_ id: UInt32, _ error: RPCError) {
    let call = state.withLock { state -> PendingCall? in
      guard let call = state.table[id] else { return nil }
      state.abandon(id)
      return call
    }
    guard let call, !call.isAbandoned else { return }
    // Its REQUEST may still wait among the gathered frames: it must leave before the CANCEL.
    flush()
    channel.appendCancel(call: id)
    call.tell(.failure(error))
  }

  func expireCalls(now: UInt64) {
    let expired = state.withLock { $0.expire(now: now) }
    if !expired.isEmpty { flush() }
    for (id, call) in expired where !call.isAbandoned {
      channel.appendCancel(call: id)
      call.tell(.failure(RPCError(.deadlineExceeded, "no answer in time")))
    }
    let next = state.withLock { $0.earliestDeadline }
    if next != .max { channel.wake(at: max(next, now + Self.deadlineGranularityNanoseconds)) }
  }

  /// The server answers no call above `lastCall`.
  func goAway(lastCall: UInt32, _ error: RPCError) {
    let lost = state.withLock { state in
      state.phase = .draining(error)
      return state.removeCalls(above: lastCall)
    }
    var told = error
    if told.code == .ok { told.code = .unavailable }
    told.neverStarted = true
    for (_, call) in lost { call.tell(.failure(told)) }
    closeIfDrained()
  }

  private func closeIfDrained() {
    let isDrained = state.withLock { state in
      if case .draining = state.phase { state.table.count == 0 } else { false }
    }
    if isDrained { channel.close() }
  }

  /// The connection is over: every open call is told.
  func end(_ error: RPCError) {
    let (lost, lastTaken) = state.withLock { state in
      // A GO_AWAY's reason says more than the end that follows it.
      if case .draining(let reason) = state.phase {
        state.phase = .closed(reason)
      } else {
        state.phase = .closed(error)
      }
      state.frames = []
      return (state.removeCalls(above: 0), state.lastTaken)
    }
    for (id, call) in lost {
      var told = error
      told.neverStarted = id > lastTaken
      call.tell(.failure(told))
    }
  }
}

extension ClientConnection.State {
  /// Counts an item of a stream; the call, if it is open.
  fileprivate mutating func noteItem(_ id: UInt32) -> PendingCall? {
    guard var call = table[id] else { return nil }
    call.itemsSinceCredit += 1
    table.update(id, call)
    return call
  }

  fileprivate mutating func resetCredit(_ id: UInt32) {
    guard var call = table[id] else { return }
    call.itemsSinceCredit = 0
    table.update(id, call)
  }

  fileprivate mutating func removeCalls(above id: UInt32) -> [(id: UInt32, call: PendingCall)] {
    let calls = table.all.filter { $0.id > id }
    for (id, _) in calls { _ = table.remove(id) }
    return calls
  }
}

extension PendingCall {
  fileprivate var isAbandoned: Bool { if case .nobody = receiver { true } else { false } }
}
