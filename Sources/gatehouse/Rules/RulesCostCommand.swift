import Arguments
import ProtoJSON
import Rules

/// `gatehouse rules cost RULES`
enum RulesCostCommand {
  static let command = Command<CommandAction>(
    "cost", "Estimate what every rule costs, in time and memory",
    discussion: """
      Nanoseconds for each activity of the rule's kinds, and bytes that its counters keep of each key at the most, \
      both as if no counter were shared with another rule. Estimates, for comparing rules with each other: \
      gatehouse-bench measures. Exits with 1 when the file has an error. With --json every rule is one object: rule, \
      nanoseconds, bytes_a_key, steps, counters.
      """,
    examples: [
      Example("gatehouse rules cost deploy/rules/trade.rules", "For people"),
      Example("gatehouse rules cost trade.rules --json | jq -s 'sort_by(-.nanoseconds)[0]'", "The dearest rule"),
    ],
    options: [GatehouseProgram.json], operands: [RulesCommand.file], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    guard let rules = try RulesCommand.ruleSet(arguments[RulesCommand.file], arguments, console) else { return .failed }
    let lines = arguments[GatehouseProgram.json] ? rules.costs.map { json($0).text } : table(rules.costs).lines
    try console.print(lines)
    return .ok
  }

  static func table(_ costs: [RuleCost]) -> TextTable {
    var table = TextTable([.left, .right, .right, .left])
    table.add(["rule", "ns", "bytes a key", "counters"])
    for cost in costs {
      table.add([
        cost.rule, String(Int(cost.nanoseconds.rounded())), String(cost.bytesAKey),
        cost.counters.joined(separator: ", "),
      ])
    }
    return table
  }

  private static func json(_ cost: RuleCost) -> JSONValue {
    .object([
      .init("rule", .string(cost.rule)), .init("nanoseconds", .number(String(Int(cost.nanoseconds.rounded())))),
      .init("bytes_a_key", .number(String(cost.bytesAKey))), .init("steps", .number(String(cost.steps))),
      .init("counters", .array(cost.counters.map { .string($0) })),
    ])
  }
}
