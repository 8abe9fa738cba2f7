import Arguments
import Rules
import Server

/// `gatehouse rules …`: work on rules.
enum RulesCommand {
  static let file = Operand("RULES", .file, help: "The rules file; list files that it names stand beside it")

  /// As many of a version's digits as decisions show (gatehouse.proto, `Decision.rule_set_version`).
  static let versionDigits = 16

  static let command = Command<CommandAction>(
    "rules", "Check, try, compare and format rules",
    examples: [
      Example("gatehouse rules check deploy/rules/trade.rules", "All that is wrong in a file, at once"),
      Example("gatehouse rules test deploy/rules/trade.rules", "Run the tests that stand beside a file"),
      Example("gatehouse rules diff trade.rules new.rules", "What changes in meaning, and which counters begin anew"),
      Example("gatehouse rules explain E0025", "What an error means"),
    ],
    commands: [
      RulesCheckCommand.command, RulesTestCommand.command, RulesFormatCommand.command, RulesDiffCommand.command,
      RulesCostCommand.command, RulesExplainCommand.command,
    ])

  /// Compiles a file as a server would that counts late activities as long as by default.
  ///
  /// - Throws: `CommandFailure` when the file cannot be read; what is wrong in it are the compilation's diagnostics.
  static func compile(_ path: String) throws(CommandFailure) -> Compilation {
    let lateness = GatehouseConfiguration(endpoints: [], rulesPath: path).latenessMilliseconds
    do {
      return try RulesFile.compile(path, latenessMilliseconds: lateness)
    } catch {
      throw CommandFailure("\(error)", exitCode: .usage)
    }
  }

  /// The rule set of a file; nil when it has errors, which have been shown then.
  static func ruleSet(
    _ path: String, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) -> RuleSet? {
    let compilation = try compile(path)
    if compilation.ruleSet == nil { try show(compilation.diagnostics, of: compilation.file, arguments, console) }
    return compilation.ruleSet
  }

  /// Diagnostics in place of the data that a command would have printed: for people as messages, for programs as data.
  static func show(
    _ diagnostics: [Diagnostic], of file: SourceFile, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) {
    for diagnostic in diagnostics {
      if arguments[GatehouseProgram.json] {
        try console.print(diagnostic.json(in: file).text)
      } else {
        console.say(diagnostic.rendered(in: file) + "\n")
      }
    }
  }
}
