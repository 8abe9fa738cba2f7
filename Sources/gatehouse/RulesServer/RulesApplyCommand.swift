import Arguments
import GatehouseProtocol
import ProtoJSON
import Rules
import Server

/// `gatehouse rules apply RULES`
enum RulesApplyCommand {
  static let expected = Option<String?>(
    "expect", .string.named("VERSION"), help: "Apply only while this version is in force")
  static let dryRun = Option(flag: "dry-run", help: "Only tell what would change; a server must be asked for that, too")

  static let command = Command<CommandAction>(
    "apply", "Put a rules file in force on a server",
    discussion: """
      The file is checked here first, and sent with the files of its lists. The server checks it again and puts it in \
      force between two calls; windows of counters that stay the same are kept, and the log tells who did it and why. \
      It stays in force across restarts until the server's own rules file changes. A file with an error changes \
      nothing; the same file again changes nothing either. Exits with 1 when the server refuses.
      """,
    examples: [
      Example("gatehouse rules apply trade.rules --comment 'captcha after 4 payments, case 812'", "Put it in force"),
      Example("gatehouse rules apply trade.rules --dry-run", "What would change against the rules in force"),
      Example(
        "gatehouse rules apply trade.rules --expect 0123456789abcdef", "Unless somebody else was quicker"),
    ],
    options: [expected, dryRun] + ChangeOptions.all + ConnectionOptions.all + [GatehouseProgram.json],
    operands: [RulesCommand.file], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let path = arguments[RulesCommand.file]
    let (compilation, listFiles) = try RulesCommand.compileWithLists(path)
    guard let rules = compilation.ruleSet else {
      try RulesCommand.show(compilation.diagnostics, of: compilation.file, arguments, console)
      return .failed
    }
    if arguments[dryRun] { return try await tell(rules, arguments, console) }
    let request = ApplyRulesRequest(
      text: String(decoding: compilation.file.bytes, as: UTF8.self), listFiles: listFiles,
      author: ChangeOptions.author(arguments), comment: arguments[ChangeOptions.comment] ?? "",
      expectedVersion: arguments[expected] ?? "")
    let version = try await ConnectionOptions.call(RulesMethods.applyRules, request, arguments)
    try console.print(
      arguments[GatehouseProgram.json] ? version.jsonWithoutTexts().text : version.sentence)
    return .ok
  }

  /// What would change.
  private static func tell(
    _ rules: RuleSet, _ arguments: ParsedArguments, _ console: Console
  ) async throws -> ExitCode {
    let inForce = try await ConnectionOptions.call(RulesMethods.getRules, GetRulesRequest(), arguments)
    let compilation = RulesCommand.compile(inForce)
    guard let old = compilation.ruleSet else {
      throw CommandFailure(
        "rules \(inForce.version), which are in force, do not compile here",
        advice: "Is the server of another version? See gatehouse describe")
    }
    let report = RulesDifferenceReport(from: old, to: rules)
    try report.print(arguments, console)
    console.say("against \(inForce.version), in force since \(inForce.appliedAtText): \(report.summary)")
    return .ok
  }
}
