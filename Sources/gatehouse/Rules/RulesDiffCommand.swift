import Arguments
import ProtoJSON
import Rules

/// `gatehouse rules diff OLD NEW`
enum RulesDiffCommand {
  static let old = Operand("OLD", .file, help: "The rules file in force")
  static let new = Operand("NEW", .file, help: "The rules file to take its place")
  static let exitCode = Option(flag: "exit-code", help: "Exit with 1 when anything changes in meaning")

  static let command = Command<CommandAction>(
    "diff", "Tell what changes in meaning when one rules file takes another's place",
    discussion: """
      Rules that are added, removed or changed, clause by clause with named conditions put in place; lists whose \
      elements change; and every counter: whether it keeps its windows, and from when on a new one tells the truth. \
      Layout, comments and order are no difference. Exits with 1 when a file has an error. With --json every change \
      is one object: what, name, change, and more as the change has it.
      """,
    examples: [
      Example("gatehouse rules diff trade.rules new.rules", "Before a file is put in force"),
      Example("gatehouse rules diff --exit-code a.rules b.rules", "For scripts: do they mean the same?"),
    ],
    options: [exitCode, GatehouseProgram.json], operands: [old, new], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let (before, after) = (
      try RulesCommand.ruleSet(arguments[old], arguments, console),
      try RulesCommand.ruleSet(arguments[new], arguments, console)
    )
    guard let before, let after else { return .failed }
    let report = RulesDifferenceReport(from: before, to: after)
    try report.print(arguments, console)
    console.say(report.summary)
    return arguments[exitCode] && !report.isEmpty ? .failed : .ok
  }
}
