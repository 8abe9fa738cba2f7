import Testing

@testable import GatehouseClient

@Suite struct ReconnectPlanTests {
  private typealias Action = ReconnectPlan.Action
  private var random = SplitMix64(seed: 4)
  private let backoff = Backoff(base: .nanoseconds(100), cap: .nanoseconds(1_000))

  private func attempt(_ actions: [Action], slot: Int = 0) -> UInt64? {
    for case .connect(slot, _, let attempt) in actions { return attempt }
    return nil
  }

  @Test("one connection goes ahead, the others follow when it is open")
  func leader() throws {
    var plan = ReconnectPlan(connections: 3, servers: 1, backoff: backoff)
    #expect(plan.start() == [.connect(slot: 0, server: 0, attempt: 1)])
    #expect(plan.reachability == .connecting)
    let opened = plan.connected(slot: 0, attempt: 1)
    #expect(opened.wanted)
    #expect(opened.actions == [.connect(slot: 1, server: 0, attempt: 2), .connect(slot: 2, server: 0, attempt: 3)])
    #expect(plan.reachability == .reachable)
  }

  @Test("each server is tried once without a wait, then there is one")
  mutating func failover() {
    var plan = ReconnectPlan(connections: 2, servers: 3, backoff: backoff)
    #expect(plan.start() == [.connect(slot: 0, server: 0, attempt: 1)])
    #expect(
      plan.connectFailed(slot: 0, attempt: 1, now: 0, using: &random) == [.connect(slot: 0, server: 1, attempt: 2)])
    #expect(
      plan.connectFailed(slot: 0, attempt: 2, now: 0, using: &random) == [.connect(slot: 0, server: 2, attempt: 3)])
    #expect(plan.reachability == .connecting)
    let actions = plan.connectFailed(slot: 0, attempt: 3, now: 0, using: &random)
    #expect(plan.reachability == .unreachable)
    guard case .wake(let end)? = actions.first else {
      Issue.record("no wait: \(actions)")
      return
    }
    #expect((0...100).contains(end))
    #expect(plan.wake(now: end - 1).isEmpty || end == 0)
    #expect(plan.wake(now: end) == [.connect(slot: 0, server: 0, attempt: 4)])
    #expect(plan.reachability == .unreachable, "still so until a connection is open")
  }

  @Test("a server that works stays current; when it is lost it is tried first, then the next")
  mutating func sticky() {
    var plan = ReconnectPlan(connections: 1, servers: 2, backoff: backoff)
    _ = plan.start()
    _ = plan.connectFailed(slot: 0, attempt: 1, now: 0, using: &random)
    #expect(plan.connected(slot: 0, attempt: 2).wanted)
    #expect(plan.currentServer == 1)
    _ = plan.proved(slot: 0, attempt: 2)
    #expect(
      plan.lost(slot: 0, attempt: 2, proved: true, now: 0, using: &random)
        == [.connect(slot: 0, server: 1, attempt: 3)])
    #expect(
      plan.connectFailed(slot: 0, attempt: 3, now: 0, using: &random) == [.connect(slot: 0, server: 0, attempt: 4)])
  }

  @Test("a server that accepts and hangs up is waited for like one that refuses")
  mutating func hangUp() {
    var plan = ReconnectPlan(connections: 1, servers: 1, backoff: backoff)
    var actions = plan.start()
    for round in 1...20 {
      guard let number = attempt(actions) else {
        Issue.record("no attempt in round \(round)")
        return
      }
      #expect(plan.connected(slot: 0, attempt: number).wanted)
      let end = plan.lost(slot: 0, attempt: number, proved: false, now: 0, using: &random)
      #expect(plan.failedServers == round)
      guard case .wake(let time)? = end.first else {
        Issue.record("no wait in round \(round)")
        return
      }
      actions = plan.wake(now: time)
    }
  }

  @Test("reports of attempts that are no longer wanted change nothing")
  mutating func stale() {
    var plan = ReconnectPlan(connections: 1, servers: 1, backoff: backoff)
    _ = plan.start()
    #expect(!plan.connected(slot: 0, attempt: 99).wanted)
    #expect(plan.connectFailed(slot: 5, attempt: 1, now: 0, using: &random).isEmpty)
    #expect(plan.lost(slot: 0, attempt: 1, proved: true, now: 0, using: &random).isEmpty)
    plan.close()
    #expect(!plan.connected(slot: 0, attempt: 1).wanted)
    #expect(plan.start().isEmpty)
  }

  @Test("an outage of any length sees few attempts, fewer as it lasts", arguments: Seeds.some)
  mutating func outage(seed: UInt64) {
    random = SplitMix64(seed: seed)
    var plan = ReconnectPlan(
      connections: 8, servers: 2, backoff: Backoff(base: .nanoseconds(20), cap: .nanoseconds(2_000)))
    var now: Int64 = 0
    var actions = plan.start()
    var attempts = 0
    while now < 100_000 {
      if let number = attempt(actions) {
        attempts += 1
        actions = plan.connectFailed(slot: 0, attempt: number, now: now, using: &random)
      } else if let end = plan.waitingUntil {
        now = max(end, now + 1)
        actions = plan.wake(now: now)
      } else {
        Issue.record("stuck: \(plan)")
        return
      }
    }
    // 100 rounds of a wait of 1,000 on average, two attempts each; jitter within a factor of two.
    #expect(attempts < 2 * 2 * 100 + 40, "\(attempts)")
  }

  /// A hostile world: connects, failures, losses and wake-ups in any order.
  @Test("no history breaks the invariants or lets attempts outrun the back-off", arguments: Seeds.some)
  mutating func histories(seed: UInt64) {
    random = SplitMix64(seed: seed)
    let connections = Int.random(in: 1...5, using: &random)
    let servers = Int.random(in: 1...4, using: &random)
    var plan = ReconnectPlan(connections: connections, servers: servers, backoff: backoff)
    var now: Int64 = 0
    var open: [(slot: Int, attempt: UInt64)] = []
    var ready: [(slot: Int, attempt: UInt64)] = []
    var todo = plan.start()
    for _ in 0..<1_500 {
      for case .connect(let slot, let server, let attempt) in todo {
        #expect((0..<servers).contains(server) && (0..<connections).contains(slot))
        #expect(!ready.isEmpty || open.isEmpty, "a second attempt while nothing is ready")
        #expect(plan.waitingUntil == nil, "an attempt during a wait")
        #expect(!(open + ready).contains { $0.slot == slot }, "a slot in use")
        open.append((slot, attempt))
      }
      now += Int64.random(in: 0...50, using: &random)
      todo = step(&plan, now, &open, &ready)
      if open.isEmpty, ready.isEmpty { #expect(plan.waitingUntil != nil || !todo.isEmpty, "stuck: \(plan)") }
    }
  }

  private mutating func step(
    _ plan: inout ReconnectPlan, _ now: Int64, _ open: inout [(slot: Int, attempt: UInt64)],
    _ ready: inout [(slot: Int, attempt: UInt64)]
  ) -> [Action] {
    switch Int.random(in: 0..<5, using: &random) {
    case 0 where !open.isEmpty:
      let it = open.removeFirst()
      let (wanted, actions) = plan.connected(slot: it.slot, attempt: it.attempt)
      if wanted { ready.append(it) }
      return actions
    case 1 where !open.isEmpty:
      let it = open.removeLast()
      return plan.connectFailed(slot: it.slot, attempt: it.attempt, now: now, using: &random)
    case 2 where !ready.isEmpty:
      let it = ready.remove(at: Int.random(in: 0..<ready.count, using: &random))
      let proved = Bool.random(using: &random)
      return plan.lost(slot: it.slot, attempt: it.attempt, proved: proved, now: now, using: &random)
    case 3:
      guard let it = ready.randomElement(using: &random) else { return [] }
      return plan.proved(slot: it.slot, attempt: it.attempt)
    default: return plan.wake(now: now)
    }
  }
}
