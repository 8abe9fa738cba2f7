import Arguments
import GatehouseProtocol
import ProtoJSON
import Testing

@testable import gatehouse

@Suite("What was expected and what came")
struct ExpectedDecisionTests {
  static let decision: Decision = {
    var observation = Observation()
    observation.counter = "card_countries"
    observation.window = 86_400_000
    observation.value = 2
    observation.atLeast = true
    observation.threshold = 1
    var rule = FiredRule()
    rule.rule = "card_places"
    rule.effect = .accessBlocked
    rule.message = "different locations within 24h"
    rule.observations = [observation]
    var missing = UnevaluatedRule()
    missing.rule = "home"
    missing.missingField = "home.region"
    var decision = Decision()
    decision.outcome = .accessBlocked
    decision.fired = [rule]
    decision.notEvaluated = [missing]
    return decision
  }()

  private func report(_ expectation: ExpectedDecision?) -> StepReport {
    var activity = Activity()
    activity.entity = "order"
    activity.action = "create"
    var request = EvaluateRequest()
    request.activity = activity
    let step = ReplayStep(line: 7, name: "Second country", call: .evaluate(request, expectation))
    return StepReport(step: step, decision: Self.decision, latencyMicroseconds: 61)
  }

  @Test("only what is named is compared")
  func partial() {
    #expect(ExpectedDecision().differences(from: Self.decision).isEmpty)
    #expect(ExpectedDecision(outcome: .accessBlocked).differences(from: Self.decision).isEmpty)
    let whole = ExpectedDecision(
      outcome: .accessBlocked, fired: ["card_places"], messages: ["different locations within 24h"],
      notEvaluated: ["home"])
    #expect(whole.differences(from: Self.decision).isEmpty)
  }

  @Test("every part that differs has its line")
  func differences() {
    let expectation = ExpectedDecision(outcome: Effect.none, fired: [], messages: ["a", "b"], notEvaluated: ["x"])
    #expect(
      expectation.differences(from: Self.decision) == [
        "expected the outcome NONE, got ACCESS_BLOCKED", "expected the fired rules none, got card_places",
        "expected the messages a, b, got different locations within 24h",
        "expected the rules not evaluated x, got home",
      ])
  }

  @Test("a decision is shown with its reasons and what it saw")
  func text() {
    #expect(
      report(nil).text(.plain) == """
        access_blocked    order.create               61 µs  Second country
            access_blocked card_places: different locations within 24h (card_countries over 24h: at least 2, threshold 1)
        """)
    let unexpected = report(ExpectedDecision(outcome: .friction)).text(.plain)
    #expect(unexpected.hasSuffix("\n    unexpected: expected the outcome FRICTION, got ACCESS_BLOCKED"))
  }

  @Test("a program gets one object with the decision and whether it was expected")
  func json() throws {
    let json = try report(ExpectedDecision(outcome: .friction)).json().text
    let start = """
      {"line":7,"name":"Second country","latency_us":61,"expected":false,"differences":["expected the outcome \
      FRICTION, got ACCESS_BLOCKED"],"decision":{"outcome":"ACCESS_BLOCKED",
      """
    #expect(json.hasPrefix(start))
  }

  @Test("latencies are summed up by nearest rank")
  func latencies() {
    let summary = LatencySummary(microseconds: [5, 1, 4, 2, 3])
    #expect(summary.percentile(50) == 3)
    #expect(summary.percentile(99) == 5)
    #expect(summary.percentile(20) == 1)
    #expect(LatencySummary(microseconds: []).percentile(50) == 0)
    #expect(LatencySummary(microseconds: Array(1...1_000)).text == "p50 500 µs, p99 990 µs, max 1000 µs")
  }
}
