import Synchronization
import Wire

extension Channel {
  // MARK: From the caller

  func begin(_ call: Call, _ completion: @escaping Call.Completion) {
    counters.begin()
    guard gate.enter() else {
      counters.fail()
      return completion(.failure(.closed))
    }
    let begun = call.state.withLock { state in
      guard state.machine.begin() else { return false }
      state.completion = completion
      if call.request.deadline != .max {
        state.deadlineTimer = timers.insert(.deadline(call), at: call.request.deadline)
      }
      return true
    }
    timers.wind()
    guard begun else {
      counters.fail()
      completion(.failure(GatehouseError(.cancelledByCaller)))
      return gate.leave()
    }
    // A stream may have no end of its own, so closing does not wait for it.
    if call.request.isStream { gate.leave() }
    dispatch(call)
  }

  func cancel(_ call: Call) {
    let ending = call.state.withLock { state in
      state.machine.cancel() ? state.takeEnding(of: call) : nil
    }
    guard let ending else { return }
    if let id = ending.wireID { ending.connection?.cancel(id) }
    finish(ending, .failure(.cancelledByCaller))
  }

  func grant(_ call: Call, _ items: UInt32) {
    let (connection, id) = call.state.withLock { ($0.connection, $0.wireID) }
    if let id { connection?.grant(id, items: items) }
  }

  // MARK: To a connection

  /// Sends the call, or has it wait, or ends it.
  func dispatch(_ call: Call) {
    let acquisition = pool.withLock { pool in
      let acquisition = pool.acquire(for: call)
      if case .waiting = acquisition { hasWaiting.store(true, ordering: .relaxed) }
      return acquisition
    }
    switch acquisition {
    case .connection(let connection): send(call, on: connection)
    case .waiting(let ticket):
      let isOver = call.state.withLock { state in
        state.ticket = ticket
        return state.machine.phase == .over
      }
      if isOver { pool.withLock { $0.forget(ticket: ticket) } }
    case .refused(let error): end(call, error)
    }
  }

  private func send(_ call: Call, on connection: PooledConnection) {
    let now = timers.now
    let number = call.state.withLock { state -> UInt32? in
      guard let number = state.machine.send() else { return nil }
      state.ticket = nil
      state.connection = connection
      state.wireID = nil
      state.sentAt = now
      return number
    }
    guard let number else { return release(connection) }
    let id: UInt32
    switch connection.send(call, sending: number, timeLeftNanoseconds: call.request.timeLeft(at: now)) {
    case .sent(let sent): id = sent
    case .refused(let error): return lost(call, sending: number, on: connection, error)
    }
    let isUnwanted = call.state.withLock { state in
      guard state.machine.phase == .sent(number) else { return state.machine.isCancelled }
      state.wireID = id
      return false
    }
    if isUnwanted { connection.cancel(id) }
  }

  // MARK: From a connection

  /// The server answered a sending.
  func answered(
    _ call: Call, sending: UInt32, on connection: PooledConnection, _ result: Result<UnsafeRawBufferPointer, RPCError>
  ) {
    noteAnswer(on: connection)
    switch result {
    case .failure(let error):
      if !failed(call, sending: sending, error) { counters.answerLate() }
    case .success(let answer):
      let ending = call.state.withLock { state in
        state.machine.answered(sending) ? state.takeEnding(of: call) : nil
      }
      if let ending {
        chances.withLock { $0.budget.deposit() }
        finish(ending, .success(answer))
      } else {
        counters.answerLate()
      }
    }
    release(connection)
  }

  /// An item of a stream came.
  func itemCame(_ call: Call, id: UInt32, on connection: PooledConnection, _ item: UnsafeRawBufferPointer) {
    noteAnswer(on: connection)
    // The item may be faster than the sender's own note, and its reader must be able to grant.
    call.state.withLock { state in
      if case .sent = state.machine.phase { state.wireID = id }
    }
    call.request.receiveItem?(item)
  }

  /// A sending was lost with its connection, or never left.
  func lost(_ call: Call, sending: UInt32, on connection: PooledConnection, _ error: RPCError) {
    failed(call, sending: sending, error)
    release(connection)
  }

  /// False if the call was over already.
  @discardableResult
  private func failed(_ call: Call, sending: UInt32, _ error: RPCError) -> Bool {
    let now = timers.now
    let remaining = call.request.timeLeft(at: now)
    let (step, ending) = call.state.withLock { state in
      let step = chances.withLock { chances in
        state.machine.failed(
          sending, with: error, idempotent: call.request.isIdempotent, remainingNanoseconds: remaining,
          policy: call.request.retry, budget: &chances.budget, using: &chances.random)
      }
      if step != .ignore { state.leaveConnection() }
      if case .backOff(let nanoseconds) = step {
        state.retryTimer = timers.insert(.retry(call), at: now + nanoseconds)
      }
      guard case .end = step else { return (step, Call.Ending?.none) }
      return (step, state.takeEnding(of: call))
    }
    switch step {
    case .ignore: return false
    case .resend:
      counters.resend()
      dispatch(call)
    case .backOff: timers.wind()
    case .end(let reason):
      if reason == .outOfBudget { counters.runOutOfBudget() }
      if let ending { finish(ending, .failure(error)) }
    }
    return true
  }

  /// A call on `connection` is over for good or elsewhere: the next may use its place.
  private func release(_ connection: PooledConnection) {
    connection.release()
    guard hasWaiting.load(ordering: .relaxed) else { return }
    let next = pool.withLock { pool in
      let next = pool.releaseOne()
      if pool.waitingCount == 0 { hasWaiting.store(false, ordering: .relaxed) }
      return next
    }
    if let next { dispatch(next) }
  }

  // MARK: From the clock

  func waitIsOver(_ call: Call) {
    let resumes = call.state.withLock { state in
      state.retryTimer = nil
      return state.machine.resume()
    }
    guard resumes else { return }
    counters.retry()
    dispatch(call)
  }

  func timeIsUp(_ call: Call) {
    let ending = call.state.withLock { state in
      state.machine.end() ? state.takeEnding(of: call) : nil
    }
    guard let ending else { return }
    let error = ending.sendings == 0 ? pool.withLock { $0.unreachable } : .timeout
    if let connection = ending.connection { noteTimeout(on: connection, sentAt: ending.sentAt) }
    finish(ending, .failure(error))
  }

  // MARK: The end

  /// Ends a call that is not over.
  func end(_ call: Call, _ error: RPCError) {
    let ending = call.state.withLock { state in
      state.machine.end() ? state.takeEnding(of: call) : nil
    }
    guard let ending else { return }
    finish(ending, .failure(error))
  }

  private func finish(_ ending: Call.Ending, _ result: Result<UnsafeRawBufferPointer, RPCError>) {
    if let timer = ending.deadlineTimer { timers.cancel(timer) }
    if let timer = ending.retryTimer { timers.cancel(timer) }
    if let ticket = ending.ticket { pool.withLock { $0.forget(ticket: ticket) } }
    if case .success = result { counters.succeed() } else { counters.fail() }
    ending.completion?(
      result.mapError { GatehouseError($0, attempts: ending.sendings, cause: ending.lastFailure) })
    if ending.isCounted { gate.leave() }
  }
}
