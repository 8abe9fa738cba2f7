/// Which connections of a pool are opened when, and to which server. A value: events in, actions out.
///
/// ```
/// per slot      idle ──connect──▶ connecting ──connected──▶ ready
///                ▲                    │ connectFailed          │ lost
///                └────────────────────┴────────────────────────┘
/// per pool      connecting ──first slot ready──▶ reachable ──last ready slot lost──▶ connecting
///                   │ every server failed once
///                   ▼
///               unreachable (waits a jittered back-off, tries every server once, waits longer, …) ──ready──▶ reachable
/// ```
///
/// All slots use one server, the current one: a gatehouse counts by itself, so spreading one client's calls over
/// several would split its windows. When the current server cannot be reached and no connection to it is left, the next
/// in the list becomes current and stays so until it is lost in turn.
///
/// While no slot is ready only one begins to connect, so that an outage sees one attempt a wait from a client, not one
/// a connection. Nothing begins during a wait, and nothing ever again after `close`.
struct ReconnectPlan: Sendable {
  /// What to do.
  enum Action: Sendable, Equatable {
    /// Open a connection for `slot` to the `server`-th address; report with `attempt`.
    case connect(slot: Int, server: Int, attempt: UInt64)
    /// Call `wake` at this time.
    case wake(at: Int64)
  }

  /// What callers may hope for.
  enum Reachability: Sendable, Equatable {
    /// A connection is ready.
    case reachable
    /// None is, but the first attempt since it was well is still under way.
    case connecting
    /// Every server has failed since.
    case unreachable
  }

  enum Slot: Sendable, Equatable {
    case idle
    case connecting(attempt: UInt64)
    case ready(attempt: UInt64)
  }

  private(set) var slots: [Slot]
  /// The index of the server in use or tried next.
  private(set) var currentServer = 0
  /// Servers given up since a connection last proved itself.
  private(set) var failedServers = 0
  /// Failures beside a connection that is open or being opened, since one last proved itself.
  private(set) var failedSpares = 0
  /// When the present wait ends.
  private(set) var waitingUntil: Int64?
  private(set) var isClosed = false

  private let servers: Int
  private let backoff: Backoff
  private var attempts: UInt64 = 0

  /// A pool of `connections` slots over `servers` addresses, both 1 or more.
  init(connections: Int, servers: Int, backoff: Backoff) {
    slots = Array(repeating: .idle, count: max(connections, 1))
    self.servers = max(servers, 1)
    self.backoff = backoff
  }

  var reachability: Reachability {
    if readyCount > 0 { return .reachable }
    return failedServers < servers ? .connecting : .unreachable
  }

  /// Begins.
  mutating func start() -> [Action] { fill() }

  /// The connection that `attempt` asked for is open. False if nobody waits for it any more: close it.
  mutating func connected(slot: Int, attempt: UInt64) -> (wanted: Bool, actions: [Action]) {
    guard slots.indices.contains(slot), slots[slot] == .connecting(attempt: attempt), !isClosed else {
      return (false, [])
    }
    slots[slot] = .ready(attempt: attempt)
    return (true, fill())
  }

  /// The connection did what it is for: it answered a call, or lived for a while. Earlier failures are forgotten.
  mutating func proved(slot: Int, attempt: UInt64) -> [Action] {
    guard slots.indices.contains(slot), slots[slot] == .ready(attempt: attempt) else { return [] }
    return forgetFailures()
  }

  /// The connection that `attempt` asked for could not be opened.
  mutating func connectFailed(
    slot: Int, attempt: UInt64, now: Int64, using random: inout some RandomNumberGenerator
  ) -> [Action] {
    guard slots.indices.contains(slot), slots[slot] == .connecting(attempt: attempt) else { return [] }
    slots[slot] = .idle
    return noteFailure(now: now, using: &random)
  }

  /// A ready connection ended, or must not be given new calls. One that never proved itself counts as a failed attempt,
  /// so a server that accepts and hangs up is not stormed.
  mutating func lost(
    slot: Int, attempt: UInt64, proved: Bool, now: Int64, using random: inout some RandomNumberGenerator
  ) -> [Action] {
    guard slots.indices.contains(slot), slots[slot] == .ready(attempt: attempt) else { return [] }
    slots[slot] = .idle
    return proved ? forgetFailures() : noteFailure(now: now, using: &random)
  }

  /// The time of a `wake` action has come; an earlier or outdated call does nothing.
  mutating func wake(now: Int64) -> [Action] {
    guard let end = waitingUntil, now >= end else { return [] }
    waitingUntil = nil
    return fill()
  }

  /// Nothing is to be opened any more; what is ready or connecting is the caller's to close.
  mutating func close() {
    isClosed = true
    waitingUntil = nil
    for index in slots.indices { slots[index] = .idle }
  }

  private var readyCount: Int {
    slots.count { if case .ready = $0 { true } else { false } }
  }

  private var connectingCount: Int {
    slots.count { if case .connecting = $0 { true } else { false } }
  }

  private mutating func forgetFailures() -> [Action] {
    failedServers = 0
    failedSpares = 0
    waitingUntil = nil
    return fill()
  }

  private mutating func noteFailure(now: Int64, using random: inout some RandomNumberGenerator) -> [Action] {
    guard !isClosed else { return [] }
    guard readyCount == 0, connectingCount == 0 else {
      failedSpares += 1
      return wait(round: failedSpares - 1, now: now, using: &random)
    }
    currentServer = (currentServer + 1) % servers
    failedServers += 1
    if failedServers % servers == 0 {
      return wait(round: failedServers / servers - 1, now: now, using: &random)
    }
    waitingUntil = nil
    return fill()
  }

  /// Begins a wait, unless one is under way already.
  private mutating func wait(
    round: Int, now: Int64, using random: inout some RandomNumberGenerator
  ) -> [Action] {
    guard waitingUntil == nil else { return [] }
    let end = now + backoff.delayNanoseconds(attempt: round, using: &random)
    waitingUntil = end
    return [.wake(at: end)]
  }

  /// Connects what may be connected now: every idle slot, or one if none is ready yet.
  private mutating func fill() -> [Action] {
    guard !isClosed, waitingUntil == nil else { return [] }
    var actions: [Action] = []
    for index in slots.indices {
      if readyCount == 0, connectingCount > 0 { break }
      guard slots[index] == .idle else { continue }
      attempts += 1
      slots[index] = .connecting(attempt: attempts)
      actions.append(.connect(slot: index, server: currentServer, attempt: attempts))
    }
    return actions
  }
}
