import Wire

extension Call {
  /// What is left to do for a call that is over, taken out of its state so that it is done once and outside the lock.
  struct Ending {
    let completion: Completion?
    let deadlineTimer: CallTimers.Handle?
    let retryTimer: CallTimers.Handle?
    let ticket: UInt64?
    /// Where its latest sending went, if that is not answered yet.
    let connection: PooledConnection?
    let wireID: UInt32?
    let sentAt: Int64
    let sendings: Int
    let lastFailure: RPCError?
    /// Whether closing waits for it.
    let isCounted: Bool
  }
}

extension Call.State {
  /// The latest sending was answered: what happens from here on is not its connection's doing.
  mutating func leaveConnection() {
    connection = nil
    wireID = nil
  }

  /// Takes out what is left to do; the machine is over.
  mutating func takeEnding(of call: Call) -> Call.Ending {
    defer {
      completion = nil
      connection = nil
    }
    return Call.Ending(
      completion: completion, deadlineTimer: deadlineTimer, retryTimer: retryTimer, ticket: ticket,
      connection: connection, wireID: wireID, sentAt: sentAt, sendings: Int(machine.sendings),
      lastFailure: machine.lastFailure, isCounted: !call.request.isStream)
  }
}
