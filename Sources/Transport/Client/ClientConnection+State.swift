import Wire

extension ClientConnection.State {
  /// Enters a call and its frame; whether the queue must be woken.
  mutating func begin(
    _ call: PendingCall, _ header: FrameHeader, _ payload: UnsafeRawBufferPointer, maxUnsentBytes: Int
  ) -> (Result<UInt32, RPCError>, mustWake: Bool) {
    switch phase {
    case .ready: break
    case .draining(var error), .closed(var error):
      if error.code == .ok { error.code = .unavailable }
      error.neverStarted = true
      return (.failure(error), false)
    }
    guard frames.count + payload.count <= maxUnsentBytes else {
      return (.failure(Self.full("more than \(maxUnsentBytes) bytes wait to be sent")), false)
    }
    guard let id = table.insert(call) else {
      if table.isExhausted {
        return (.failure(RPCError(.unavailable, "the connection has used up its call ids", neverStarted: true)), false)
      }
      return (.failure(Self.full("\(table.limit) calls are in flight")), false)
    }
    append(header, call: id, payload)
    earliestDeadline = min(earliestDeadline, call.deadline)
    defer { isFlushDue = true }
    return (.success(id), !isFlushDue)
  }

  private static func full(_ message: String) -> RPCError {
    RPCError(.resourceExhausted, message, neverStarted: true)
  }

  private mutating func append(_ header: FrameHeader, call: UInt32, _ payload: UnsafeRawBufferPointer) {
    var header = header
    header.call = call
    withUnsafeTemporaryAllocation(byteCount: FrameHeader.byteCount, alignment: 8) { room in
      guard let base = room.baseAddress else { return }
      header.store(to: base)
      frames.append(contentsOf: room)
    }
    frames.append(contentsOf: payload)
  }

  /// Takes the calls that are over by `now`; they keep their places until the server answers.
  mutating func expire(now: UInt64) -> [(id: UInt32, call: PendingCall)] {
    guard earliestDeadline <= now else { return [] }
    earliestDeadline = .max
    var expired: [(id: UInt32, call: PendingCall)] = []
    for (id, call) in table.all {
      if call.deadline <= now {
        expired.append((id, call))
        abandon(id)
      } else {
        earliestDeadline = min(earliestDeadline, call.deadline)
      }
    }
    return expired
  }

  /// Nobody waits for this call any more.
  mutating func abandon(_ id: UInt32) {
    table.update(id, PendingCall(receiver: .nobody, deadline: .max))
  }
}

extension PendingCall {
  /// Ends the call, towards whoever waits.
  func tell(_ outcome: CallOutcome) {
    switch receiver {
    case .unary(let completion): completion(outcome)
    case .stream(let handler):
      switch outcome {
      case .success: handler.end(nil)
      case .failure(let error): handler.end(error)
      }
    case .nobody: break
    }
  }
}
