import GatehouseProtocol
import Rules

extension FiredRule {
  /// What every firing of the rule says; a message that has values put in is left out.
  init(_ rule: RulePlan, _ consequence: RulePlan.Consequence) {
    self.init(
      rule: rule.name, effect: GatehouseProtocol.Effect(rawValue: Int32(consequence.effect.rawValue)),
      message: consequence.isMessageConstant ? consequence.message : "", tags: rule.tags, score: rule.score,
      severity: Severity(rule.severity), actions: consequence.actions.map(Action.init))
  }
}

extension Severity {
  fileprivate init(_ severity: RuleSeverity?) {
    self =
      switch severity {
      case nil: .unspecified
      case .low: .minor
      case .medium: .medium
      case .high: .major
      case .critical: .critical
      }
  }
}

extension Action {
  fileprivate init(_ action: RuleAction) {
    switch action {
    case .lockCustomer(let milliseconds): self.init(what: .lockCustomerMilliseconds(milliseconds))
    case .openCase: self.init(what: .openCase(true))
    }
  }
}
