extension PlanBuilder {
  /// Reports the first rule with which a decision becomes too large.
  mutating func checkDecisions() {
    for (plan, read) in zip(kindPlans, kindReadings) {
      var size = DecisionSize()
      for reading in read { size.add(reading: file.counters[readings[reading].counter].name) }
      let judged = (plan.firstRule..<plan.firstRule + plan.ruleCount).map { Int(judgedRules[Int($0)].rule) }
      for index in Set(judged).sorted() {
        size.add(rules[index])
        guard size.isTooLarge else { continue }
        return diagnostics.report(
          .decisionTooLarge, "a decision with all that these rules can say is too large", file.rules[index].span,
          "with this rule more than \(Limits.maxDecisionBytes) bytes",
          help: "shorten messages and tags, or give rules fewer kinds of activity in common")
      }
    }
  }
}
