import Testing

@testable import Rules

/// The trade's own examples, by the shipped rules.
@Suite struct TradeRulesTests {
  /// Friday 2026-11-20, 0:00 in New York.
  private let midnight: Int64 = 1_795_150_800_000
  private let hour: Int64 = 3_600_000

  private func judge(_ activities: [SampleActivity]) throws -> [SampleDecision] {
    var rehearsal = Rehearsal(try #require(compile(try shippedRules()).ruleSet))
    return activities.map { rehearsal.judge($0) }
  }

  private func order(_ time: Int64, country: String, zone: String, address: String) -> SampleActivity {
    SampleActivity(
      kind: "order.create", time: time,
      fields: [
        "membership.id": .text("m1"), "membership.started_at": .integer(midnight - 240 * hour),
        "card.fingerprint": .text("c1"), "location.country": .text(country), "location.time_zone": .text(zone),
        "client_ip": .text(address),
      ])
  }

  @Test(
    "five attempts, then one at a quiet hour from another place and address: three blocks and one friction, in order")
  func paymentStorm() throws {
    var activities = (0..<5).map {
      order(midnight + Int64($0 - 10) * 2 * hour, country: "US", zone: "America/Chicago", address: "203.0.113.7")
    }
    activities[4].time = midnight
    activities.append(order(midnight + 2 * hour, country: "CA", zone: "America/Toronto", address: "198.51.100.1"))
    let last = try #require(try judge(activities).last)
    #expect(last.outcome == .accessBlocked)
    #expect(
      last.fired.map(\.message) == [
        "too many payments", "different locations within 24h", "different IP within 4h", "not common buying hours!",
      ])
    #expect(last.fired.map(\.effect) == [.accessBlocked, .accessBlocked, .accessBlocked, .friction])
    #expect(
      last.fired[0].observations == [
        SampleDecision.Observation(
          counter: "payment_attempts", windowMilliseconds: 48 * hour, value: 6, isAtLeast: true, threshold: 5)
      ])
    #expect(last.unevaluated.isEmpty)
  }

  @Test("a login from Florida for a customer of Oklahoma is suspect")
  func loginElsewhere() throws {
    let login = SampleActivity(
      kind: "customer.login", time: midnight,
      fields: [
        "customer_id": .text("x"), "location.country": .text("US"), "location.region": .text("FL"),
        "home.country": .text("US"), "home.region": .text("OK"), "was_successful": .boolean(true),
      ])
    let decision = try judge([login])[0]
    #expect(decision.outcome == .suspectActivity)
    #expect(decision.fired.map(\.message) == ["login occurs outside of the membership user's location!"])
  }

  @Test("the third failed login meets friction")
  func failedLogins() throws {
    let logins = (0..<3).map {
      SampleActivity(
        kind: "customer.login", time: midnight + Int64($0) * 1000,
        fields: ["customer_id": .text("x"), "was_successful": .boolean(false)])
    }
    let decisions = try judge(logins)
    #expect(decisions.map(\.outcome) == [.none, .none, .friction])
    #expect(decisions[2].fired.map(\.message) == ["multiple login attempts"])
    #expect(
      decisions[2].unevaluated == [
        SampleDecision.Unevaluated(rule: "login_elsewhere", missingField: "location.country")
      ])
  }

  @Test("the fourth burst payment, CVV failure and payment method reach their limits")
  func burstsAndFailures() throws {
    let methods = (0..<4).map {
      SampleActivity(
        kind: "payment_method.create", time: midnight + Int64($0), fields: ["customer_id": .text("x")])
    }
    #expect(try judge(methods).map(\.outcome) == [.none, .none, .none, .accessBlocked])
    let orders = (0..<4).map {
      var order = order(
        midnight + 12 * hour + Int64($0), country: "US", zone: "America/Chicago", address: "203.0.113.7")
      order.fields["was_successful"] = .boolean(false)
      order.fields["reason"] = .text("cvv_failed")
      return order
    }
    let last = try #require(try judge(orders).last)
    #expect(last.fired.map(\.rule) == ["repeated_payments", "failed_cvv"])
    #expect(last.outcome == .friction)
  }
}
