import GatehouseClient
import Testing

@testable import Server

/// `customer is locked` is a matter of the log: it outlives the server, and rules that come later.
@Suite("Locked customers")
struct CustomerLockTests {
  private static let rules = """
    rule locked
      on order.create
      when customer is locked
      then access_blocked "locked"
    """

  private static let hour: Int64 = 3_600_000

  private static func change(_ action: String, _ customer: String, _ time: Int64, for length: Int64? = nil) -> Activity
  {
    let attributes = length.map { ["lock_customer_ms": "\($0)"] } ?? [:]
    return Activity(
      occurredAt: time, customerID: customer, entity: "customer", action: action, attributes: attributes)
  }

  /// What is left of the locks of the three customers, as decisions observe it; nil of who is not locked.
  private static func remaining(_ client: GatehouseClient, at time: Int64) async throws -> [Int64?] {
    var remaining: [Int64?] = []
    for customer in ["ann", "bob", "cat", "dan"] {
      let order = Activity(occurredAt: time, customerID: customer, entity: "order", action: "create")
      let decision = try await client.decide(order, .check)
      remaining.append(decision.fired.first?.observations.first?.value)
    }
    return remaining
  }

  /// Ann is locked for an hour, Bob was and is no more, Cat is until somebody unlocks her, Dan never was.
  private static func record(_ client: GatehouseClient, at time: Int64) async throws {
    for activity in [
      change("lock", "ann", time, for: hour), change("lock", "bob", time), change("unlock", "bob", time + 1),
      change("lock", "cat", time - 5),
    ] { _ = try await client.recordActivity(activity) }
  }

  private static func expected(after elapsed: Int64) -> [Int64?] {
    [hour - elapsed, nil, 400 * 24 * hour - elapsed - 5, nil]
  }

  @Test("come back exactly, from the snapshot and from the log", arguments: [true, false])
  func restart(hasSnapshot: Bool) async throws {
    let house = try House(rules: Self.rules)
    let now = unixMilliseconds() - 10_000
    try await house.serve(data: house.dataPath) { served in
      try await Self.record(served.client, at: now)
      #expect(try await Self.remaining(served.client, at: now + 7_000) == Self.expected(after: 7_000))
    }
    if !hasSnapshot { try house.removeSnapshots() }
    try await house.serve(data: house.dataPath) { served in
      #expect(try await Self.remaining(served.client, at: now + 9_000) == Self.expected(after: 9_000))
      _ = try await served.client.recordActivity(Self.change("unlock", "cat", now + 9_500))
      #expect(try await Self.remaining(served.client, at: now + 9_500)[2] == nil)
    }
  }

  @Test("survive other rules that ask for them, too; rules that begin to ask are told to warm up")
  func reload() async throws {
    let house = try House(rules: Self.rules)
    let now = unixMilliseconds() - 10_000
    try await house.serve(data: house.dataPath) { served in
      try await Self.record(served.client, at: now)
      try house.write(rules: Self.rules + "\nrule other on a.b when customer is not locked then allow")
      _ = try served.server.reloadRules()
      #expect(try await Self.remaining(served.client, at: now + 7_000) == Self.expected(after: 7_000))
      try house.write(rules: "rule none on a.b when was_successful then allow")
      _ = try served.server.reloadRules()
      try house.write(rules: Self.rules)
      _ = try served.server.reloadRules()
      let order = Activity(occurredAt: now + 8_000, customerID: "ann", entity: "order", action: "create")
      let decision = try await served.client.decide(order, .check)
      #expect(decision.fired.isEmpty && decision.warming.map(\.counter) == ["customer.lock"])
    }
  }
}
