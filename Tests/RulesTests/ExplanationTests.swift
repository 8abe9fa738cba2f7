import Testing

@testable import Rules

@Suite struct ExplanationTests {
  @Test("a decision's condition is shown part by part, with what it saw and what it lacked")
  func tree() throws {
    let text = """
      let fresh = membership.started_at within 30d
      counter c = count of a.b by id
      rule r
        on a.b
        when fresh and (c over 1h > 1 or not (reason == "x")) and was_successful
        then friction
      rule off_rule
        on a.b
        when true
        then friction
        mode off
      """
    var rehearsal = Rehearsal(try #require(compile(text).ruleSet))
    let fields: [String: SampleActivity.Value] = ["id": .text("k"), "membership.started_at": .integer(1)]
    _ = rehearsal.judge(SampleActivity(kind: "a.b", time: 1_000, fields: fields))
    let decision = rehearsal.judge(SampleActivity(kind: "a.b", time: 2_000, fields: fields), explaining: true)
    #expect(decision.explanations.keys.sorted() == ["r"])
    let tree = try #require(decision.explanations["r"])
    #expect(tree.text == "and" && tree.isTrue == nil && tree.missing == "was_successful")
    #expect(tree.parts.map(\.text) == ["membership.started_at within 30d", "or", "was_successful"])
    #expect(tree.parts.map(\.isTrue) == [true, true, nil])
    let either = tree.parts[1].parts
    #expect(either.map(\.text) == ["c over 1h > 1", "not"])
    #expect(
      either[0].values == [Explanation.Value(counter: "c", windowMilliseconds: 3_600_000, value: 2, isAtLeast: true)])
    #expect(either[1].isTrue == nil && either[1].missing == "reason")
    #expect(either[1].parts.map(\.text) == ["reason == \"x\""])
  }

  @Test("the tree's root is the decision, for random rules and activities", arguments: (1...8).map { UInt64($0) })
  func rootIsDecision(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let ruleSet = try #require(compile(random.rules()).ruleSet)
    var rehearsal = Rehearsal(ruleSet)
    for activity in random.activities(40) {
      let decision = rehearsal.judge(activity, explaining: true)
      for rule in ruleSet.rules where rule.otherwise == nil {
        guard let tree = decision.explanations[rule.name] else { continue }
        #expect((tree.isTrue == true) == decision.fired.contains { $0.rule == rule.name }, "seed \(seed)")
        let missing = decision.unevaluated.first { $0.rule == rule.name }?.missingField
        #expect(tree.missing == missing, "seed \(seed)")
      }
    }
  }
}
