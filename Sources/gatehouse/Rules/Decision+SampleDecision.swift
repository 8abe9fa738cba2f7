import GatehouseProtocol
import Rules

extension Decision {
  /// What a rehearsal made of an activity, as the contract says it.
  init(_ judged: SampleDecision) {
    self.init()
    outcome = GatehouseProtocol.Effect(rawValue: Int32(judged.outcome.rawValue))
    fired = judged.fired.map(FiredRule.init)
    shadowFired = judged.shadow.map(FiredRule.init)
    notEvaluated = judged.unevaluated.map { UnevaluatedRule(rule: $0.rule, missingField: $0.missingField) }
  }
}

extension FiredRule {
  init(_ fired: SampleDecision.Fired) {
    self.init()
    rule = fired.rule
    effect = GatehouseProtocol.Effect(rawValue: Int32(fired.effect.rawValue))
    message = fired.message
    observations = fired.observations.map {
      Observation(
        counter: $0.counter, window: $0.windowMilliseconds, value: $0.value, atLeast: $0.isAtLeast,
        threshold: $0.threshold)
    }
  }
}
