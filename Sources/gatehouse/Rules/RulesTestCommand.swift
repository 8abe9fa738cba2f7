import Arguments
import GatehouseProtocol
import ProtoJSON
import Rules

/// `gatehouse rules test RULES ACTIVITIES`
enum RulesTestCommand {
  static let activities = Operand("ACTIVITIES", .file, help: "JSON Lines, as gatehouse replay reads them")

  static let command = Command<CommandAction>(
    "test", "Judge activities by a rules file and compare with what is expected",
    discussion: """
      Without a server: the rules' own windows, empty at the start. The file is that of gatehouse replay, with the \
      decision expected for each activity. Activities that check count too, so put them last. Exits with 1 when a \
      decision is not the expected one or the rules have an error. Rules that no activity made fire are named.
      """,
    examples: [
      Example(
        "gatehouse rules test deploy/rules/trade.rules deploy/sample/traffic.jsonl", "The shipped rules' own tests")
    ],
    options: [GatehouseProgram.json], operands: [RulesCommand.file, activities], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let compilation = try RulesCommand.compile(arguments[RulesCommand.file])
    guard let ruleSet = compilation.ruleSet else {
      for diagnostic in compilation.diagnostics { console.say(diagnostic.rendered(in: compilation.file)) }
      return .failed
    }
    let steps = try ReplayFile.steps(at: arguments[activities])
    let reports = reports(steps, ruleSet, now: ReplayFile.now)
    for report in reports {
      try console.print(arguments[GatehouseProgram.json] ? report.json().text : report.text(console.data))
    }
    let unexpected = reports.count { !$0.differences.isEmpty }
    console.say("\(reports.count) activities, \(unexpected) unexpected; \(coverage(reports, ruleSet))")
    return unexpected == 0 ? .ok : .failed
  }

  /// What the rules make of every step, one after the other.
  static func reports(_ steps: [ReplayStep], _ ruleSet: RuleSet, now: Int64) -> [StepReport] {
    var rehearsal = Rehearsal(ruleSet)
    var reports: [StepReport] = []
    for step in steps {
      let judged = rehearsal.judge(SampleActivity(step.activity, now: now))
      if case .record = step.call {
        reports.append(StepReport(step: step, decision: nil, latencyMicroseconds: nil))
      } else {
        reports.append(StepReport(step: step, decision: Decision(judged), latencyMicroseconds: nil))
      }
    }
    return reports
  }

  /// `9 of 9 rules fired`, or which did not.
  private static func coverage(_ reports: [StepReport], _ ruleSet: RuleSet) -> String {
    let fired = Set(reports.flatMap { $0.decision?.fired.map(\.rule) ?? [] })
    let quiet = ruleSet.rules.map(\.name).filter { !fired.contains($0) }
    let total = ruleSet.rules.count
    let names = quiet.isEmpty ? "" : "; never: \(quiet.joined(separator: ", "))"
    return "\(total - quiet.count) of \(total) rules fired\(names)"
  }
}
