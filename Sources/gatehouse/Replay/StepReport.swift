import Arguments
import GatehouseProtocol
import ProtoJSON

/// What came of one step: shown to people, or as one JSON object to programs.
struct StepReport: Sendable {
  let step: ReplayStep
  /// Nil for a step that only records.
  let decision: Decision?
  /// From the call to its answer, as the client saw it; nil when nobody was called.
  let latencyMicroseconds: Int64?

  /// A decision was expected, and can be compared.
  var isCompared: Bool {
    if case .evaluate(_, .some) = step.call { decision != nil } else { false }
  }

  /// How the decision differs from the expected one.
  var differences: [String] {
    guard case .evaluate(_, let expectation?) = step.call, let decision else { return [] }
    return expectation.differences(from: decision)
  }

  /// The line for the step, and below it one for every rule that fired and every difference.
  func text(_ style: Style) -> String {
    let activity = step.activity
    let kind = "\(activity.entity).\(activity.action)"
    let verdict = decision.map { dressed($0.outcome, style) } ?? padded("recorded", 17)
    let isLast = step.name.isEmpty && latency.isEmpty
    let name = step.name.isEmpty ? "" : "  \(step.name)"
    var lines = ["\(verdict) \(isLast ? kind : padded(kind, 23))\(latency)\(name)"]
    lines += (decision?.fired ?? []).map { rule in
      "    \(rule.effect.description.lowercased()) \(rule.rule): \(rule.message)\(observations(rule))"
    }
    lines += differences.map { style.red("    unexpected: \($0)") }
    return lines.joined(separator: "\n")
  }

  /// `{"line":…,"name":…,"latency_us":…,"expected":…,"differences":[…],"decision":{…}}`
  func json() throws -> JSONValue {
    let expected = differences.isEmpty
    return .object([
      .init("line", .number(String(step.line))), .init("name", .string(step.name)),
      .init("latency_us", latencyMicroseconds.map { .number(String($0)) } ?? .null), .init("expected", .bool(expected)),
      .init("differences", .array(differences.map { .string($0) })),
      .init("decision", try decision?.json() ?? .null),
    ])
  }

  private var latency: String {
    guard let latencyMicroseconds else { return "" }
    let text = "\(latencyMicroseconds) µs"
    return String(repeating: " ", count: max(1, 9 - text.count)) + text
  }

  private func observations(_ rule: FiredRule) -> String {
    guard !rule.observations.isEmpty else { return "" }
    let texts = rule.observations.map { observation in
      let value = observation.atLeast ? "at least \(observation.value)" : "\(observation.value)"
      let window = Duration.windowText(milliseconds: observation.window)
      return "\(observation.counter) over \(window): \(value), threshold \(observation.threshold)"
    }
    return " (\(texts.joined(separator: "; ")))"
  }

  private func dressed(_ effect: Effect, _ style: Style) -> String {
    let text = padded(effect == .none ? "passes" : effect.description.lowercased(), 17)
    return switch effect {
    case .accessBlocked: style.red(text)
    case .friction, .suspectActivity: style.yellow(text)
    default: style.green(text)
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
