@preconcurrency import Dispatch
import Wire

extension ServerQueue {
  /// Does what other threads asked for; one wake-up for all that came meanwhile.
  func awakened() {
    dispatchPrecondition(condition: .onQueue(queue))
    now = clock.now()
    for message in mailbox.takeAll() { perform(message) }
  }

  private func perform(_ message: ServerMessage) {
    switch message {
    case .adopt(let socket, let refusal): adopt(socket, refusal: refusal)
    case .complete(let replies): complete(replies)
    case .ended(let key, let call, let result, let requestBytes):
      runningTasks -= 1
      taskRequestBytes -= requestBytes
      taskEnded(key, call, result)
    case .items(let key, let call): if let connection = connection(key) { pump(connection, call) }
    case .drain(let onEmpty): drain(onEmpty: onEmpty)
    case .abandon: forEachConnection { fail($0, .drainTimeout) }
    case .stop: stop()
    }
  }

  private func drain(onEmpty: @escaping @Sendable () -> Void) {
    isDraining = true
    self.onEmpty = onEmpty
    forEachConnection { drain($0) }
  }

  /// Tells a client that no later call will be begun; closes once the accepted ones are answered.
  func drain(_ connection: ServerConnection) {
    let state = connection.machine.state
    guard state != .closing else { return }
    let error = RPCError(.ok, "the server is shutting down")
    say(LastWords.goAway(error, state: state, lastCall: connection.machine.lastCall), to: connection)
    if connection.machine.drain() == .finish { finish(connection) }
  }

  private func forEachConnection(_ body: (ServerConnection) -> Void) {
    for case let connection? in slots where !connection.isGone { body(connection) }
  }

  private func stop() {
    forEachConnection { lose($0) }
    mailbox.close()
    epoll.stop()
  }
}
