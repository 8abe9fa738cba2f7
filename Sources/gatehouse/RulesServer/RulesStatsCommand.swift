import Arguments
import Foundation
import GatehouseProtocol
import ProtoJSON

/// `gatehouse rules stats`
enum RulesStatsCommand {
  static let command = Command<CommandAction>(
    "stats", "Show what every rule has done on a server",
    discussion: """
      Since the rules came into force or the server started: how often each rule was judged, fired, fired in shadow, \
      and could not be judged; the time that it takes, estimated from a sample; and of a rule in shadow, how often going \
      live would have changed the outcome. Below a rule stand those that it fired together with. With --json every rule \
      is one object, the contract's RuleStatistics.
      """,
    examples: [
      Example("gatehouse rules stats", "Which rules fire, and what they cost"),
      Example("gatehouse rules stats --json | jq -r 'select(.fired == \"0\") | .rule'", "Rules that never fired"),
    ],
    options: ConnectionOptions.all + [GatehouseProgram.json], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let answer = try await ConnectionOptions.call(
      RulesMethods.getRuleStatistics, GetRuleStatisticsRequest(), arguments)
    let lines = arguments[GatehouseProgram.json] ? try answer.rules.map { try $0.json().text } : lines(answer.rules)
    try console.print(lines)
    let since = Date(timeIntervalSince1970: Double(answer.since) / 1_000).ISO8601Format()
    console.say("rules \(answer.ruleSetVersion), counted since \(since)")
    return .ok
  }

  static func lines(_ rules: [RuleStatistics]) -> [String] {
    var table = TextTable([.left, .right, .right, .right, .right, .right, .right])
    table.add(["rule", "evaluated", "fired", "shadow", "not evaluated", "would change", "ns each"])
    for rule in rules {
      // Without a sample there is no estimate.
      let isTimed = rule.evaluated > 0 && rule.nanoseconds > 0
      let each = isTimed ? String(rule.nanoseconds / rule.evaluated) : "-"
      let counts = [rule.evaluated, rule.fired, rule.shadowFired, rule.notEvaluated, rule.wouldChangeOutcome]
      table.add([rule.rule] + counts.map { String($0) } + [each])
    }
    let overlaps = rules.map { rule in
      rule.overlaps.map { "  together with \($0.rule): \($0.count)" }
    }
    let lines = table.lines
    return [lines[0]] + zip(lines.dropFirst(), overlaps).flatMap { [$0] + $1 }
  }
}
