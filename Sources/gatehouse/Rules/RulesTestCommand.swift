import Arguments
import GatehouseProtocol
import ProtoJSON
import Rules

/// `gatehouse rules test RULES [ACTIVITIES]`
enum RulesTestCommand {
  static let activities = Operand<String?>(
    optional: "ACTIVITIES", .file,
    help: "JSON Lines, as gatehouse replay reads them; absent: NAME.tests.jsonl beside NAME.rules")
  static let coverage = Option(
    flag: "coverage", help: "Exit with 1 also when a rule is not seen both to fire and not to fire")

  static let command = Command<CommandAction>(
    "test", "Judge activities by a rules file and compare with what is expected",
    discussion: """
      Without a server: the rules' own windows, empty at the start. The file is that of gatehouse replay, with the \
      decision expected for each activity. Activities that check count too, so put them last. Exits with 1 when a \
      decision is not the expected one or the rules have an error. Rules that were never seen to fire, or never seen \
      not to, are named. With --json an object for every activity, then one for every rule: rule, fired, silent, \
      not_evaluated, both_ways.
      """,
    examples: [
      Example("gatehouse rules test deploy/rules/trade.rules", "The tests beside the shipped rules"),
      Example("gatehouse rules test new.rules yesterday.jsonl", "Other activities"),
      Example("gatehouse rules test trade.rules --coverage --json | jq 'select(.both_ways == false)'", "For scripts"),
    ],
    options: [coverage, GatehouseProgram.json], operands: [RulesCommand.file, activities], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let path = arguments[RulesCommand.file]
    guard let ruleSet = try RulesCommand.ruleSet(path, arguments, console) else { return .failed }
    let steps = try ReplayFile.steps(at: arguments[activities] ?? testsPath(beside: path))
    let (reports, coverage) = outcome(steps, ruleSet, now: ReplayFile.now)
    for report in reports {
      try console.print(arguments[GatehouseProgram.json] ? report.json().text : line(report, console.data))
    }
    if arguments[GatehouseProgram.json] { for object in coverage.json { try console.print(object.text) } }
    let unexpected = reports.count { !$0.differences.isEmpty }
    let compared = reports.count(where: \.isCompared)
    console.say("\(compared - unexpected) of \(compared) as expected, \(unexpected) unexpected; \(coverage.summary)")
    let isCovered = !arguments[self.coverage] || coverage.counts.allSatisfy(\.isBothWays)
    return unexpected == 0 && isCovered ? .ok : .failed
  }

  /// `trade.tests.jsonl` for `trade.rules`.
  static func testsPath(beside rules: String) -> String {
    (rules.hasSuffix(".rules") ? String(rules.dropLast(".rules".count)) : rules) + ".tests.jsonl"
  }

  /// What the rules make of every step, one after the other.
  static func outcome(
    _ steps: [ReplayStep], _ ruleSet: RuleSet, now: Int64
  ) -> (reports: [StepReport], coverage: RuleCoverage) {
    var rehearsal = Rehearsal(ruleSet)
    var reports: [StepReport] = []
    var decisions: [SampleDecision] = []
    for step in steps {
      let judged = rehearsal.judge(SampleActivity(step.activity, now: now))
      if case .record = step.call {
        reports.append(StepReport(step: step, decision: nil, latencyMicroseconds: nil))
      } else {
        decisions.append(judged)
        reports.append(StepReport(step: step, decision: Decision(judged), latencyMicroseconds: nil))
      }
    }
    return (reports, RuleCoverage(decisions, ruleSet))
  }

  /// `pass` or `FAIL` before what came of the step; neither where nothing was expected.
  private static func line(_ report: StepReport, _ style: Style) -> String {
    guard report.isCompared else { return "      " + report.text(style) }
    return (report.differences.isEmpty ? style.green("pass  ") : style.red("FAIL  ")) + report.text(style)
  }
}
