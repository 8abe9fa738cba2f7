import Transport
import Wire

extension PooledConnection {
  /// The fate of a call that was to be sent.
  enum Sent {
    /// It has this id here, and will be told of.
    case sent(id: UInt32)
    /// It was never begun, and is not told of.
    case refused(RPCError)
  }

  /// What wakes the queue, if it must be.
  private typealias Wake = ClientChannel?

  /// Sends a call.
  func send(_ call: Call, sending: UInt32, timeLeftNanoseconds: Int64) -> Sent {
    let (result, wake) = state.withLock { state -> (Sent, Wake) in
      switch state.phase {
      case .opening: return (.refused(Self.notStarted(RPCError(.unavailable, "the connection is not open yet"))), nil)
      case .leaving(_, let error), .closed(let error): return (.refused(Self.notStarted(error)), nil)
      case .open(let channel):
        if let error = state.refusal(of: call.request.payload) { return (.refused(error), nil) }
        state.lastID += 1
        let id = state.lastID
        state.openCalls[id] = OpenCall(call: call, sending: sending)
        let wake = state.append(
          .request(call, id: id, microseconds: Self.microseconds(timeLeftNanoseconds)), for: channel)
        return (.sent(id: id), wake)
      }
    }
    if let wake { flushSoon(wake) }
    if case .sent(let id) = result, id >= Self.maxID { leave(RPCError(.unavailable, "the call ids are used up")) }
    return result
  }

  /// Asks the server to stop a call; what it answers is told as ever.
  func cancel(_ id: UInt32) { post(.cancel(id: id)) }

  /// Lets a stream send more items.
  func grant(_ id: UInt32, items: UInt32) { post(.credit(id: id, items: items)) }

  private func post(_ frame: Outgoing) {
    let wake = state.withLock { state -> Wake in
      switch state.phase {
      case .opening, .closed: nil
      case .open(let channel), .leaving(let channel, _): state.append(frame, for: channel)
      }
    }
    if let wake { flushSoon(wake) }
  }

  /// Takes no new calls, and closes when the last is answered.
  func leave(_ error: RPCError) {
    guard state.withLock({ $0.phase.isOpen }) else { return }
    events(self, .ended(error))
    state.withLock { state in
      if case .open(let channel) = state.phase { state.phase = .leaving(channel, error) }
    }
    closeIfEmpty()
  }

  /// Closes now; open calls are told that it was lost.
  func close() {
    let channel = state.withLock { state -> ClientChannel? in
      switch state.phase {
      case .opening:
        // The channel is not known yet; it is closed when it opens.
        state.phase = .closed(RPCError(.unavailable, "the connection was closed"))
        return nil
      case .open(let channel), .leaving(let channel, _): return channel
      case .closed: return nil
      }
    }
    channel.map { channel in channel.queue.perform { channel.close() } }
  }

  func closeIfEmpty() {
    let channel = state.withLock { state -> ClientChannel? in
      guard case .leaving(let channel, _) = state.phase, state.openCalls.isEmpty else { return nil }
      return channel
    }
    channel.map { channel in channel.queue.perform { channel.close() } }
  }

  // MARK: The outbox

  private func flushSoon(_ channel: ClientChannel) {
    channel.queue.perform { [self] in flush(channel) }
  }

  /// Hands what has gathered to the channel; on the queue.
  func flush(_ channel: ClientChannel) {
    channel.queue.preconditionOnQueue()
    let frames = state.withLock { state in
      state.isFlushDue = false
      state.lastTaken = state.lastID
      defer { state.outbox = [] }
      return state.outbox
    }
    for frame in frames {
      switch frame {
      case .request(let call, let id, let microseconds):
        call.request.payload.withUnsafeBytes {
          channel.appendRequest(method: call.request.method, call: id, microseconds: microseconds, payload: $0)
        }
      case .cancel(let id): channel.appendCancel(call: id)
      case .credit(let id, let items): channel.appendCredit(call: id, items: items)
      }
    }
    channel.flush()
  }

  /// What the header states: nothing for no deadline, else 1 µs at the least, 71 minutes at most.
  private static func microseconds(_ nanoseconds: Int64) -> UInt32 {
    nanoseconds == .max ? 0 : UInt32(clamping: max(nanoseconds / 1_000, 1))
  }

  static func notStarted(_ error: RPCError) -> RPCError {
    var error = error
    if error.code == .ok { error.code = .unavailable }
    error.neverStarted = true
    return error
  }
}

extension PooledConnection.Phase {
  fileprivate var isOpen: Bool { if case .open = self { true } else { false } }
}

extension PooledConnection.State {
  /// Why a request cannot be sent here: one beyond the server's limit would cost everybody the connection.
  fileprivate func refusal(of payload: [UInt8]) -> RPCError? {
    guard payload.count > maxPayloadBytes else { return nil }
    let message = "the request has \(payload.count) bytes, the server accepts \(maxPayloadBytes)"
    return RPCError(.invalidArgument, message)
  }

  /// Adds a frame. Returns the channel if its queue must be woken.
  fileprivate mutating func append(_ frame: PooledConnection.Outgoing, for channel: ClientChannel) -> ClientChannel? {
    outbox.append(frame)
    defer { isFlushDue = true }
    return isFlushDue ? nil : channel
  }
}
