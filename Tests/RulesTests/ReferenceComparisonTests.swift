import Testing

@testable import Rules

@Suite struct ReferenceComparisonTests {
  @Test("the compiled plan decides as the plain reading of the text does", arguments: (1...30).map { UInt64($0) })
  func decisions(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let text = random.rules()
    let compilation = compile(text)
    let errors = compilation.diagnostics.filter { $0.severity == .error }.map { $0.rendered(in: compilation.file) }
    let ruleSet = try #require(compilation.ruleSet, "seed \(seed): \(errors.joined(separator: "\n"))")
    var rehearsal = Rehearsal(ruleSet)
    var reference = ReferenceInterpreter(Parser.parse(SourceFile(name: "random", text: text)).declarations)
    for (index, activity) in random.activities(60).enumerated() {
      let decision = rehearsal.judge(activity)
      let expected = reference.judge(activity)
      let names = zip(decision.fired, decision.fired.map { fired in ruleSet.rules.first { $0.name == fired.rule } })
      let fired = names.map { $0.effect == $1?.effect && !isOtherwise($0, $1) ? $0.rule : $0.rule + "!" }
      let wanted = expected.fired.map { withoutAmbiguity($0, ruleSet) }
      #expect(fired == wanted, "seed \(seed), activity \(index): \(activity)\n\(text)")
      for (fired, expected) in zip(decision.fired, expected.observations) {
        #expect(agree(fired.observations, expected), "seed \(seed), activity \(index), \(fired): \(expected)\n\(text)")
      }
      let unevaluated = Set(decision.unevaluated.map { "\($0.rule) \($0.missingField)" })
      #expect(unevaluated == expected.unevaluated, "seed \(seed), activity \(index): \(activity)\n\(text)")
      if fired != wanted || unevaluated != expected.unevaluated { return }
    }
  }

  /// The same counters in the same order; a count that is only known to be at least so many is so many or more.
  private func agree(
    _ seen: [SampleDecision.Observation], _ expected: [ReferenceInterpreter.Observation]
  ) -> Bool {
    seen.count == expected.count
      && zip(seen, expected).allSatisfy {
        $0.counter == $1.counter && $0.windowMilliseconds == $1.window && $0.threshold == $1.threshold
          && ($0.isAtLeast ? $0.value <= $1.value : $0.value == $1.value)
      }
  }

  /// A decision does not say whether a rule fired by its `otherwise`; where both effects are equal nobody can tell.
  private func isOtherwise(_ fired: SampleDecision.Fired, _ rule: RulePlan?) -> Bool { fired.effect != rule?.effect }

  private func withoutAmbiguity(_ name: String, _ ruleSet: RuleSet) -> String {
    let plain = name.hasSuffix("!") ? String(name.dropLast()) : name
    guard let rule = ruleSet.rules.first(where: { $0.name == plain }), rule.otherwise?.effect == rule.effect else {
      return name
    }
    return plain
  }

  @Test(
    "formatting random rules twice changes nothing, and never their version", arguments: (1...20).map { UInt64($0) })
  func formatting(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let text = random.rules()
    let once = try #require(RuleFormatter.format(SourceFile(name: "random", text: text)).text)
    #expect(RuleFormatter.format(SourceFile(name: "random", text: once)).text == once, "seed \(seed)")
    #expect(compile(once).ruleSet?.version == compile(text).ruleSet?.version, "seed \(seed)")
  }
}
