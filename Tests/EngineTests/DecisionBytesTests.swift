import GatehouseProtocol
import Rules
import Testing
import Wire

@testable import Engine

@Suite("Decisions written by hand are messages of the contract")
struct DecisionBytesTests {
  private static let everything = """
    counter orders = count of order.create by card.fingerprint
    counter spent = sum amount of order.create by card.fingerprint, amount.currency
    rule loud
      on order.create
      when orders over 1h > 1 and reason != "quiet"
      then access_blocked "{orders over 1h} orders for {spent over 1h} by {customer_id}" and lock customer for 2h and open case
      tags "velocity", "card"
      score -40
      severity high
    rule closed
      on order.create
      when device_id == "known"
      then allow "known device"
      otherwise friction "no device, {customer_id}?"
      severity low
    rule needs_session
      on order.create
      when session_id == "x"
      then friction
    rule actions_only
      on order.create
      when orders over 1h > 1
      then open case
      severity critical
    rule trial
      on order.create
      when orders over 2h > 1
      then suspect_activity "on trial"
      mode shadow
      score 7
    rule trial_needs_session
      on order.create
      when session_id == "x"
      then friction
      mode shadow
    """

  private static func order(customer: String = "c") -> Activity {
    Activity(
      customerID: customer, entity: "order", action: "create", amount: Money(minorUnits: 1_205, currency: "USD"),
      card: Card(fingerprint: "card"))
  }

  @Test("effects, messages with values, tags, scores, severities, actions, otherwise and shadow all arrive")
  func everything() throws {
    let gate = try TestGate(TestRules.compile(Self.everything))
    _ = try gate.evaluate(Self.order())
    let seen = Observation(counter: "orders", window: TestRules.hour, value: 2, atLeast: true, threshold: 1)
    var seenLonger = seen
    seenLonger.window = 2 * TestRules.hour
    // A rule that compares a text with a missing field is not judged, so `loud` needs a reason to fire.
    var order = Self.order()
    order.reason = "loud"
    #expect(
      try gate.evaluate(order)
        == Decision(
          outcome: .accessBlocked,
          fired: [
            FiredRule(
              rule: "loud", effect: .accessBlocked, message: "2+ orders for 24.10 USD by c", observations: [seen],
              tags: ["velocity", "card"], score: -40, severity: .major,
              actions: [Action(what: .lockCustomerMilliseconds(7_200_000)), Action(what: .openCase(true))]),
            FiredRule(rule: "closed", effect: .friction, message: "no device, c?", severity: .minor),
            FiredRule(
              rule: "actions_only", observations: [seen], severity: .critical,
              actions: [Action(what: .openCase(true))]),
          ],
          notEvaluated: [UnevaluatedRule(rule: "needs_session", missingField: "session_id")],
          ruleSetVersion: TestRules.version, createdAt: TestGate.noon,
          shadowFired: [
            FiredRule(
              rule: "trial", effect: .suspectActivity, message: "on trial", observations: [seenLonger], score: 7)
          ],
          shadowNotEvaluated: [UnevaluatedRule(rule: "trial_needs_session", missingField: "session_id")]))
  }

  @Test("values as long as the contract allows fit into a message, which the contract's reader takes")
  func longValues() throws {
    let gate = try TestGate(TestRules.compile(Self.everything))
    for customer in [String(repeating: "x", count: 128), String(repeating: "é", count: 64), ""] {
      let decision = try gate.evaluate(Self.order(customer: customer))
      let message = try #require(decision.fired.first { $0.rule == "closed" }?.message)
      #expect(message == "no device, \(customer.isEmpty ? "?" : customer)?")
    }
  }

  @Test("every shipped rule fires with its own effect, message and observations")
  func shippedRules() throws {
    let rules = try TestRules.shipped()
    let gate = try TestGate(rules)
    var fired: [String: FiredRule] = [:]
    for activity in Self.provocations {
      let decision = try gate.evaluate(activity)
      for rule in decision.fired { fired[rule.rule] = rule }
      #expect(decision.fired.map(\.effect.rawValue) == decision.fired.map(\.effect.rawValue).sorted(by: >))
      #expect(decision.outcome == decision.fired.first?.effect ?? Effect.none)
    }
    for rule in rules.rules {
      let seen = try #require(fired[rule.name], "\(rule.name) never fired")
      #expect(seen.effect.rawValue == Int32(rule.effect.rawValue))
      #expect(seen.message == rule.message)
      #expect(seen.observations.map(\.counter) == rule.observations.map(\.counter))
      #expect(seen.observations.map(\.window) == rule.observations.map(\.windowMilliseconds))
      #expect(seen.observations.map(\.threshold) == rule.observations.map(\.threshold))
      #expect(seen.observations.isEmpty || seen.observations.contains { $0.value > $0.threshold })
      #expect(seen.tags == rule.tags && seen.score == rule.score)
    }
  }

  /// Brings every shipped rule to fire.
  private static var provocations: [Activity] {
    let night = TestGate.noon - 9 * TestRules.hour
    let orders = (0..<6).map { (number: Int) -> Activity in
      let isEven = number % 2 == 0
      let place = Location(country: isEven ? "US" : "CA", timeZone: isEven ? "America/Chicago" : "America/Toronto")
      return Activity(
        occurredAt: night - Int64(5 - number), entity: "order", action: "create", wasSuccessful: false,
        reason: "cvv_failed", clientIP: "203.0.113.\(number)", location: place, card: Card(fingerprint: "card"),
        membership: Membership(id: "m", startedAt: night - TestRules.hour))
    }
    let login = Activity(
      customerID: "c", entity: "customer", action: "login", wasSuccessful: false,
      location: Location(country: "US", region: "FL"), home: Location(country: "US", region: "OK"))
    let method = Activity(customerID: "c", entity: "payment_method", action: "create")
    return orders + Array(repeating: login, count: 3) + Array(repeating: method, count: 4)
  }

  @Test("great negative numbers keep their value")
  func greatNegatives() throws {
    let gate = try TestGate(
      TestRules.compile(
        """
        counter spent = sum amount of order.create by card.fingerprint, amount.currency
        rule refund
          on order.create
          when spent over 1h < 1 USD
          then friction
        """))
    var order = Self.order()
    order.amount = Money(minorUnits: -1_000_000_000_000_000, currency: "USD")
    let observation = try #require(try gate.evaluate(order).fired.first?.observations.first)
    #expect(observation.value == -1_000_000_000_000_000)
    #expect(observation.threshold == 100)
  }

  @Test("a record's answer and a log entry written by hand decode to what was written")
  func recordedAndEntry() throws {
    let book = FakeBook()
    book.change { $0.entries = Array(repeating: [], count: 300) }
    let gate = try TestGate(TestRules.compile(Self.everything), book: book)
    let response = try gate.record(Self.order(), durability: .buffered)
    #expect(response == RecordActivityResponse(logIndex: 300, createdAt: TestGate.noon, durability: .buffered))
    let decision = try gate.evaluate(Self.order(), durability: .written)
    #expect(decision.logIndex == 301)
    let entries = try book.current.entries.suffix(2).map { try ProtobufDecoder().decode(LogEntry.self, from: $0) }
    #expect(entries[0] == LogEntry(createdAt: TestGate.noon, activity: Self.order()))
    #expect(entries[1].decision?.fired == decision.fired)
    #expect(entries[1].decision?.shadowFired == decision.shadowFired)
    #expect(entries[1].decision?.notEvaluated == decision.notEvaluated)
    #expect(entries[1].decision?.logIndex == nil)
  }
}
