import Transport
import Wire

/// What the channel tells, on its queue.
extension PooledConnection: ClientChannelHandler {
  func opened(_ channel: ClientChannel, hello: PeerHello) {
    let isWanted = state.withLock { state in
      guard case .opening = state.phase else { return false }
      state.phase = .open(channel)
      if hello.maxPayloadBytes > 0 { state.maxPayloadBytes = Int(hello.maxPayloadBytes) }
      return true
    }
    guard isWanted else { return channel.close() }
    let calls = hello.maxCallsInFlight == 0 ? Self.defaultCallsInFlight : Int(hello.maxCallsInFlight)
    limit.store(min(calls, Self.callsInFlightLimit), ordering: .relaxed)
    events(self, .opened)
  }

  /// One lock for all the answers of a read, and one write for all that their callers send meanwhile.
  func received(_ channel: ClientChannel, _ answers: AnswerBatch) {
    withUnsafeTemporaryAllocation(of: OpenCall?.self, capacity: answers.count) { calls in
      state.withLock { state in
        state.isFlushDue = true
        for index in 0..<answers.count {
          let answer = answers[index]
          let call = answer.isItem ? state.openCalls[answer.call] : state.openCalls.removeValue(forKey: answer.call)
          calls.initializeElement(at: index, to: call)
        }
      }
      for index in 0..<answers.count { tell(calls[index], answers[index]) }
      calls.deinitialize()
    }
    flush(channel)
    closeIfEmpty()
  }

  private func tell(_ open: OpenCall?, _ answer: Answer) {
    // An answer to no open call is ignored: the server may have crossed a close.
    guard let open else { return }
    let channel = open.call.channel
    if answer.isItem { return channel.itemCame(open.call, id: answer.call, on: self, answer.payload) }
    channel.answered(
      open.call, sending: open.sending, on: self, answer.error.map { .failure($0) } ?? .success(answer.payload))
  }

  func goingAway(_ channel: ClientChannel, lastCall: UInt32, _ error: RPCError) {
    leave(error)
    let lost = state.withLock { $0.removeCalls(above: lastCall) }
    for (_, open) in lost { open.call.channel.lost(open.call, sending: open.sending, on: self, Self.notStarted(error)) }
    closeIfEmpty()
  }

  func timeReached(_ channel: ClientChannel, now: UInt64) {}

  func closed(_ channel: ClientChannel, _ error: RPCError) {
    // A GO_AWAY's reason says more than the end that follows it.
    let earlier = state.withLock { state -> RPCError? in
      switch state.phase {
      case .opening, .open: nil
      case .leaving(_, let reason), .closed(let reason): reason
      }
    }
    if earlier == nil { events(self, .ended(error)) }
    let (lost, lastTaken) = state.withLock { state in
      state.phase = .closed(earlier ?? error)
      state.outbox = []
      return (state.removeCalls(above: 0), state.lastTaken)
    }
    for (id, open) in lost {
      let error = id > lastTaken ? Self.notStarted(error) : error
      open.call.channel.lost(open.call, sending: open.sending, on: self, error)
    }
  }
}

extension PooledConnection.State {
  fileprivate mutating func removeCalls(above id: UInt32) -> [(id: UInt32, call: PooledConnection.OpenCall)] {
    let calls = openCalls.filter { $0.key > id }.sorted { $0.key < $1.key }
    for (id, _) in calls { openCalls[id] = nil }
    return calls.map { (id: $0.key, call: $0.value) }
  }
}
