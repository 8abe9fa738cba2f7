import Wire

/// The connections that take calls, and the calls that wait for one. A value; `Channel` keeps it behind a lock and acts
/// on what it returns.
struct Pool: ~Copyable {
  /// Where a call goes.
  enum Acquisition {
    /// To this connection, which already counts it.
    case connection(PooledConnection)
    /// It waits in the pool under this ticket.
    case waiting(ticket: UInt64)
    /// Nowhere.
    case refused(RPCError)
  }

  /// What a change leads to.
  struct Outcome {
    var actions: [ReconnectPlan.Action] = []
    /// Calls that may look for a connection again.
    var released: [Call] = []
    /// Calls that fail fast, and must end.
    var refused: [Call] = []
    /// The connection stands in for one that was lost.
    var isReplacement = false
  }

  private(set) var plan: ReconnectPlan
  private(set) var ready: [PooledConnection] = []
  /// Connections asked for by the plan and not yet ready, by attempt.
  private var opening: [UInt64: PooledConnection] = [:]
  /// By ticket: tickets rise, so the lowest has waited longest.
  private var waiting: [UInt64: Call] = [:]
  private var firstTicket: UInt64 = 0
  private var nextTicket: UInt64 = 0
  private var random: SplitMix64
  private let waitingLimit: Int
  /// Connections lost and not yet replaced.
  private var missing = 0
  /// Why the latest attempt to connect failed or connection ended.
  private(set) var lastFailure: RPCError?

  init(plan: ReconnectPlan, waitingLimit: Int, random: SplitMix64) {
    self.plan = plan
    self.waitingLimit = waitingLimit
    self.random = random
  }

  var waitingCount: Int { waiting.count }

  // MARK: Calls

  /// A connection for the call, or a place among those that wait.
  mutating func acquire(for call: Call) -> Acquisition {
    if let connection = leastLoaded() {
      connection.take()
      return .connection(connection)
    }
    guard !plan.isClosed else { return .refused(RPCError(.cancelled, "the client is closed")) }
    if call.request.whenDisconnected == .failFast, plan.reachability == .unreachable {
      return .refused(unreachable)
    }
    guard waiting.count < waitingLimit else {
      let message = "\(waiting.count) calls wait for a connection already: slow down, or raise waitingCallsLimit"
      return .refused(RPCError(.resourceExhausted, message, neverStarted: true))
    }
    waiting[nextTicket] = call
    nextTicket += 1
    return .waiting(ticket: nextTicket - 1)
  }

  /// The call waits no more.
  mutating func forget(ticket: UInt64) { waiting[ticket] = nil }

  /// The call that has waited longest, if there is room for it now.
  mutating func releaseOne() -> Call? {
    guard !waiting.isEmpty, ready.contains(where: \.hasRoom) else { return nil }
    while firstTicket < nextTicket {
      defer { firstTicket += 1 }
      if let call = waiting.removeValue(forKey: firstTicket) { return call }
    }
    return nil
  }

  private mutating func leastLoaded() -> PooledConnection? {
    guard let index = LeastLoaded.choose(of: ready.count, using: &random, load: { [ready] in ready[$0].load }) else {
      return nil
    }
    return ready[index].hasRoom ? ready[index] : ready.first(where: \.hasRoom)
  }

  private mutating func releaseAll(where isWanted: (Call) -> Bool = { _ in true }) -> [Call] {
    let tickets = waiting.filter { isWanted($0.value) }.keys.sorted()
    return tickets.compactMap { waiting.removeValue(forKey: $0) }
  }

  // MARK: Connections

  mutating func start() -> [ReconnectPlan.Action] { plan.start() }

  /// `connection` is being opened. False if nobody wants it any more.
  mutating func opens(_ connection: PooledConnection) -> Bool {
    guard !plan.isClosed else { return false }
    opening[connection.attempt] = connection
    return true
  }

  /// It is open. Not `wanted`: close it.
  mutating func opened(_ connection: PooledConnection) -> (wanted: Bool, outcome: Outcome) {
    opening[connection.attempt] = nil
    let (wanted, actions) = plan.connected(slot: connection.slot, attempt: connection.attempt)
    guard wanted else { return (false, Outcome()) }
    ready.append(connection)
    defer { missing = max(missing - 1, 0) }
    return (true, Outcome(actions: actions, released: releaseAll(), isReplacement: missing > 0))
  }

  /// It did what it is for.
  mutating func proved(_ connection: PooledConnection) -> Outcome {
    Outcome(actions: plan.proved(slot: connection.slot, attempt: connection.attempt))
  }

  /// It could not be opened, ended, or is not to be given calls any more.
  mutating func lost(_ connection: PooledConnection, because error: RPCError, proved: Bool, now: Int64) -> Outcome {
    lastFailure = error
    var outcome = Outcome()
    if opening.removeValue(forKey: connection.attempt) != nil {
      outcome.actions = plan.connectFailed(
        slot: connection.slot, attempt: connection.attempt, now: now, using: &random)
    } else if let index = ready.firstIndex(where: { $0 === connection }) {
      ready.remove(at: index)
      missing += 1
      outcome.actions = plan.lost(
        slot: connection.slot, attempt: connection.attempt, proved: proved, now: now, using: &random)
    }
    if plan.reachability == .unreachable {
      outcome.refused = releaseAll { $0.request.whenDisconnected == .failFast }
    }
    return outcome
  }

  mutating func wake(now: Int64) -> Outcome { Outcome(actions: plan.wake(now: now)) }

  /// Ends everything. Returns the connections to close and the calls to end.
  mutating func close() -> (connections: [PooledConnection], calls: [Call]) {
    plan.close()
    let connections = ready + opening.values
    ready = []
    opening = [:]
    return (connections, releaseAll())
  }

  /// What a call is told that cannot be sent.
  var unreachable: RPCError {
    let reason = lastFailure.map { ": \($0.message)" } ?? ""
    return RPCError(.unavailable, "no connection to a server\(reason)", neverStarted: true)
  }
}
