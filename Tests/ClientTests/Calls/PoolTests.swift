import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct PoolTests {
  private let channel: Channel
  private let backoff = Backoff(base: .nanoseconds(100), cap: .nanoseconds(100))
  private var random = SplitMix64(seed: 8)

  init() {
    let configuration = ClientConfiguration(servers: [Endpoint.unix(path: "/nowhere")])
    channel = ClientCore(configuration, environment: ManualWorld().environment).channel
  }

  private func pool(connections: Int = 1, waitingLimit: Int = 10) -> Pool {
    Pool(
      plan: ReconnectPlan(connections: connections, servers: 1, backoff: backoff), waitingLimit: waitingLimit,
      random: SplitMix64(seed: 7))
  }

  private func call(_ whenDisconnected: Disconnected = .wait) -> Call {
    Call(
      Call.Request(
        method: 1, isIdempotent: true, whenDisconnected: whenDisconnected, retry: .never, deadline: .max, payload: []),
      on: channel)
  }

  /// A connection that the plan has asked for, with room for `limit` calls.
  private func connection(_ slot: Int, _ attempt: UInt64, limit: Int) -> PooledConnection {
    let connection = PooledConnection(slot: slot, attempt: attempt) { _, _ in }
    connection.limit.store(limit, ordering: .relaxed)
    return connection
  }

  private func tickets(_ acquisition: Pool.Acquisition) -> UInt64? {
    if case .waiting(let ticket) = acquisition { ticket } else { nil }
  }

  @Test("calls wait up to the limit, then they are refused unbegun; one that is forgotten makes room")
  func waitingLimit() throws {
    var pool = pool(waitingLimit: 2)
    _ = pool.start()
    let first = try required(tickets(pool.acquire(for: call())))
    _ = try required(tickets(pool.acquire(for: call())))
    guard case .refused(let error) = pool.acquire(for: call()) else {
      Issue.record("it was not refused")
      return
    }
    #expect(error.code == .resourceExhausted && error.neverStarted)
    pool.forget(ticket: first)
    #expect(tickets(pool.acquire(for: call())) != nil)
  }

  @Test("an open connection releases those who wait, the first first")
  func release() {
    var pool = pool()
    _ = pool.start()
    let calls = (0..<5).map { _ in call() }
    for call in calls { _ = pool.acquire(for: call) }
    let (isWanted, outcome) = pool.opened(connection(0, 1, limit: 2))
    #expect(isWanted && !outcome.isReplacement)
    #expect(outcome.released.map(ObjectIdentifier.init) == calls.map(ObjectIdentifier.init))
    #expect(pool.waitingCount == 0)
  }

  @Test("full connections take no more; a place that becomes free goes to who has waited longest")
  func full() {
    var pool = pool()
    _ = pool.start()
    let only = connection(0, 1, limit: 2)
    _ = pool.opened(only)
    for _ in 0..<2 { #expect(tickets(pool.acquire(for: call())) == nil) }
    let (first, second) = (call(), call())
    #expect(tickets(pool.acquire(for: first)) != nil)
    #expect(tickets(pool.acquire(for: second)) != nil)
    #expect(pool.releaseOne() == nil, "no room yet")
    only.release()
    #expect(pool.releaseOne() === first)
  }

  @Test("of several connections a full one is passed over")
  func passOver() {
    var pool = pool(connections: 2)
    _ = pool.start()
    let (small, large) = (connection(0, 1, limit: 1), connection(1, 2, limit: 1_000))
    _ = pool.opened(small)
    _ = pool.opened(large)
    for _ in 0..<500 { #expect(tickets(pool.acquire(for: call())) == nil) }
    #expect(small.load <= 1 && small.load + large.load == 500)
  }

  @Test("when nobody can be reached, calls that fail fast are refused, the others go on waiting")
  mutating func failFast() {
    var pool = pool()
    _ = pool.start()
    let (patient, hasty) = (call(.wait), call(.failFast))
    #expect(tickets(pool.acquire(for: patient)) != nil)
    #expect(tickets(pool.acquire(for: hasty)) != nil, "the first attempt is still under way")
    let candidate = connection(0, 1, limit: 0)
    _ = pool.opens(candidate)
    let outcome = pool.lost(candidate, because: RPCError(.unavailable, "connection refused"), proved: false, now: 0)
    #expect(outcome.refused.map(ObjectIdentifier.init) == [ObjectIdentifier(hasty)])
    #expect(pool.waitingCount == 1)
    guard case .refused(let error) = pool.acquire(for: call(.failFast)) else {
      Issue.record("it was not refused")
      return
    }
    #expect(error.message.contains("connection refused"))
  }

  @Test("a connection opened in the place of a lost one is a replacement, the first is not")
  mutating func replacement() {
    var pool = pool()
    _ = pool.start()
    let first = connection(0, 1, limit: 1)
    #expect(pool.opened(first).outcome.isReplacement == false)
    _ = pool.lost(first, because: RPCError(.unavailable, "lost"), proved: true, now: 0)
    #expect(pool.opened(connection(0, 2, limit: 1)).outcome.isReplacement == true)
  }

  @Test("closing gives back every connection and call, and takes no more")
  func close() {
    var pool = pool()
    _ = pool.start()
    let waiting = call()
    _ = pool.acquire(for: waiting)
    let late = connection(0, 1, limit: 1)
    _ = pool.opens(late)
    let (connections, calls) = pool.close()
    #expect(connections.first === late && connections.count == 1)
    #expect(calls.first === waiting && calls.count == 1)
    #expect(pool.opened(late).wanted == false)
    guard case .refused(let error) = pool.acquire(for: call()) else {
      Issue.record("it was not refused")
      return
    }
    #expect(error.code == .cancelled)
  }
}
