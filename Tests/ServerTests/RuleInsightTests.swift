import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("What people ask of the rules in force")
struct RuleInsightTests {
  @Test("Explain is served: the decision of a CHECK with its evaluation, and Evaluate's refusals")
  func explain() async throws {
    let house = try House(rules: "rule r on order.create when reason == \"x\" then friction")
    try await house.serve { served in
      let order = Activity(entity: "order", action: "create", reason: "x")
      let explanation = try await served.client.call(RulesMethods.explain, ExplainRequest(activity: order))
      #expect(explanation.decision?.outcome == .friction && explanation.decision?.repeated == false)
      #expect(
        explanation.rules == [
          RuleExplanation(
            rule: "r",
            condition: ExplanationNode(
              text: "reason == \"x\"", value: "true", parts: [ExplanationNode(text: "reason", value: "\"x\"")]))
        ])
      await #expect(throws: (any Error).self) { try await served.client.call(RulesMethods.explain, ExplainRequest()) }
    }
  }

  @Test("GetRuleStatistics is served: what the rules did since the server judges")
  func statistics() async throws {
    let house = try House(rules: "rule r on order.create when reason == \"x\" then friction")
    try await house.serve { served in
      let before = unixMilliseconds()
      for reason in ["x", "y", "", "x"] {
        _ = try await served.client.decide(Activity(entity: "order", action: "create", reason: reason))
      }
      let statistics = try await served.client.call(RulesMethods.getRuleStatistics, GetRuleStatisticsRequest())
      #expect(statistics.since <= before && statistics.since > before - 60_000)
      #expect(statistics.rules == [RuleStatistics(rule: "r", evaluated: 4, fired: 2, notEvaluated: 1)])
    }
  }

  @Test("before the server is open nothing is explained")
  func closed() throws {
    let insight = RuleInsight { 0 }
    #expect { try insight.explain(ExplainRequest()) } throws: { ($0 as? RPCError)?.code == .unavailable }
    #expect { try insight.statistics() } throws: { ($0 as? RPCError)?.code == .unavailable }
  }
}
