import Synchronization
import Transport
import Wire

extension Channel {
  /// Begins to connect.
  func start() {
    perform(pool.withLock { $0.start() })
  }

  private func perform(_ actions: [ReconnectPlan.Action]) {
    for action in actions {
      switch action {
      case .connect(let slot, let server, let attempt): connect(slot: slot, server: server, attempt: attempt)
      case .wake(let time): timers.schedule(at: time) { [self] in wake() }
      }
    }
  }

  private func perform(_ outcome: Pool.Outcome) {
    perform(outcome.actions)
    for call in outcome.released { dispatch(call) }
    guard !outcome.refused.isEmpty else { return }
    let error = pool.withLock { $0.unreachable }
    for call in outcome.refused { end(call, error) }
  }

  private func wake() {
    perform(pool.withLock { [now = timers.now] in $0.wake(now: now) })
  }

  // MARK: Events of a connection

  private func connect(slot: Int, server: Int, attempt: UInt64) {
    let connection = PooledConnection(slot: slot, attempt: attempt) { [self] connection, event in
      switch event {
      case .opened: opened(connection)
      case .ended(let error): ended(connection, error)
      }
    }
    guard pool.withLock({ $0.opens(connection) }) else { return }
    do throws(TransportError) {
      try dialer.open(connection, to: configuration.servers[server])
    } catch {
      ended(connection, RPCError(.unavailable, error.message))
    }
  }

  private func opened(_ connection: PooledConnection) {
    connection.openedAt.store(timers.now, ordering: .relaxed)
    let (isWanted, outcome) = pool.withLock { $0.opened(connection) }
    guard isWanted else { return connection.close() }
    counters.connect()
    if outcome.isReplacement { counters.reconnect() }
    perform(outcome)
  }

  /// It could not be opened, was lost, or takes no new calls.
  private func ended(_ connection: PooledConnection, _ error: RPCError) {
    let now = timers.now
    if connection.openedAt.load(ordering: .relaxed) == 0 { counters.failToConnect() }
    let outcome = pool.withLock {
      $0.lost(connection, because: error, proved: connection.hasProved(by: now), now: now)
    }
    perform(outcome)
  }

  func noteAnswer(on connection: PooledConnection) {
    guard connection.answered() else { return }
    perform(pool.withLock { $0.proved(connection) })
  }

  func noteTimeout(on connection: PooledConnection, sentAt: Int64) {
    guard connection.timedOut(sentAt: sentAt, now: timers.now) else { return }
    counters.stall()
    connection.leave(RPCError(.unavailable, "the server answered nothing any more"))
    connection.close()
  }
}
