import GatehouseProtocol
import ProtoJSON

/// What a replayed activity's decision should be. Only what is named is compared.
///
///     {"outcome": "FRICTION", "fired": ["failed_logins"], "messages": ["multiple login attempts"]}
///
/// `outcome` is an `Effect`; `fired` are the names of all rules that fired and `messages` what they tell, both in the
/// decision's order; `not_evaluated` are the names of all rules that could not be judged and `shadow_fired` of those that
/// fired in shadow, in its order.
struct ExpectedDecision: Sendable, Equatable {
  var outcome: Effect?
  var fired: [String]?
  var messages: [String]?
  var notEvaluated: [String]?
  var shadowFired: [String]?

  /// How a decision differs, one line for every part; empty when it is as expected.
  func differences(from decision: Decision) -> [String] {
    var lines: [String] = []
    if let outcome, outcome != decision.outcome {
      lines.append("expected the outcome \(outcome), got \(decision.outcome)")
    }
    compare("fired rules", fired, decision.fired.map(\.rule), &lines)
    compare("messages", messages, decision.fired.map(\.message), &lines)
    compare("rules not evaluated", notEvaluated, decision.notEvaluated.map(\.rule), &lines)
    compare("rules fired in shadow", shadowFired, decision.shadowFired.map(\.rule), &lines)
    return lines
  }

  private func compare(_ what: String, _ expected: [String]?, _ actual: [String], _ lines: inout [String]) {
    guard let expected, expected != actual else { return }
    lines.append("expected the \(what) \(list(expected)), got \(list(actual))")
  }

  private func list(_ texts: [String]) -> String { texts.isEmpty ? "none" : texts.joined(separator: ", ") }
}
