import Arguments
import Foundation
import GatehouseProtocol
import ProtoJSON

/// `gatehouse rules why ACTIVITY`
enum RulesWhyCommand {
  static let activity = Operand(
    "ACTIVITY", .string.named("JSON"), help: "An activity, or a request with one; @FILE reads a file, - standard input")

  static let command = Command<CommandAction>(
    "why", "Ask a server what it would decide of an activity, and show every part of every rule",
    discussion: """
      As CHECK decides: nothing is counted. Below the decision stands every rule of the activity's kind with how its \
      condition came out, part by part, and the values that it looked at. JSON as gatehouse call reads it. With \
      --json one object, the contract's Explanation.
      """,
    examples: [
      Example(
        #"gatehouse rules why '{"entity": "customer", "action": "login", "location": {"country": "US", "region": "FL"}}'"#,
        "Why does a login fire, or not?"),
      Example("gatehouse rules why @order.json --json | jq '.rules[].condition.value'", "For programs"),
    ],
    options: ConnectionOptions.all + [GatehouseProgram.json], operands: [activity], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let request = try request(try InputText.of(argument: arguments[activity]))
    let explanation = try await ConnectionOptions.call(RulesMethods.explain, request, arguments)
    if arguments[GatehouseProgram.json] {
      try console.print(explanation.json().text)
    } else {
      try console.print(lines(explanation, of: request.activity ?? Activity(), console.data))
    }
    return .ok
  }

  /// `{"activity": {…}}`, or what would stand there.
  static func request(_ text: String) throws(CommandFailure) -> ExplainRequest {
    do {
      let json = try JSONValue(parsing: text)
      if case .object(let members) = json, members.contains(where: { $0.name == "activity" }) {
        return try ExplainRequest(json: json)
      }
      return ExplainRequest(activity: try Activity(json: json))
    } catch let error as JSONMappingError {
      throw CommandFailure("the activity: \(error)", advice: error.advice, exitCode: .usage)
    } catch {
      throw CommandFailure("the activity is not JSON: \(error)", exitCode: .usage)
    }
  }

  /// The decision, then a tree for every rule.
  static func lines(_ explanation: Explanation, of activity: Activity, _ style: Style) -> [String] {
    let step = ReplayStep(line: 1, name: "", call: .evaluate(EvaluateRequest(activity: activity), nil))
    let report = StepReport(step: step, decision: explanation.decision, latencyMicroseconds: nil)
    let missing = (explanation.decision?.notEvaluated ?? []).map {
      "    not evaluated \($0.rule): \($0.missingField) is missing"
    }
    let warming = (explanation.decision?.warming ?? []).map { counter in
      let until = Date(timeIntervalSince1970: Double(counter.warmAt) / 1_000).ISO8601Format()
      let window = Duration.windowText(milliseconds: counter.window)
      return "    not warm yet \(counter.counter) over \(window): until \(until)"
    }
    return [report.text(style)] + missing + warming
      + explanation.rules.flatMap { rule in
        let condition = rule.condition ?? ExplanationNode()
        return [style.bold("\(rule.rule): \(condition.value)")] + lines(below: condition, depth: 1)
      }
  }

  /// A condition that is a single part is shown as that part.
  private static func lines(below root: ExplanationNode, depth: Int) -> [String] {
    func line(_ node: ExplanationNode, _ depth: Int) -> String {
      "\(String(repeating: "  ", count: depth))\(node.text.printable): \(node.value.printable)"
    }
    var lines = [line(root, depth)]
    var rest = root.parts.reversed().map { ($0, depth + 1) }
    while let (node, depth) = rest.popLast() {
      lines.append(line(node, depth))
      rest += node.parts.reversed().map { ($0, depth + 1) }
    }
    return lines
  }
}
