import Arguments
import GatehouseProtocol
import Rules
import Server
import Synchronization

/// `gatehouse rules …`: work on rules.
enum RulesCommand {
  static let file = Operand("RULES", .file, help: "The rules file; list files that it names stand beside it")

  /// As many of a version's digits as decisions show (gatehouse.proto, `Decision.rule_set_version`).
  static let versionDigits = 16

  static let command = Command<CommandAction>(
    "rules", "Check, try and compare rules; put them in force; see what they do",
    examples: [
      Example("gatehouse rules check deploy/rules/trade.rules", "All that is wrong in a file, at once"),
      Example("gatehouse rules test deploy/rules/trade.rules", "Run the tests that stand beside a file"),
      Example("gatehouse rules diff trade.rules new.rules", "What changes in meaning, and which counters begin anew"),
      Example("gatehouse rules apply trade.rules --comment 'captcha after 4'", "Put a file in force on a server"),
      Example("gatehouse rules rollback", "Back to the rules before"),
    ],
    commands: [
      RulesCheckCommand.command, RulesTestCommand.command, RulesFormatCommand.command, RulesDiffCommand.command,
      RulesCostCommand.command, RulesExplainCommand.command, RulesApplyCommand.command, RulesRollbackCommand.command,
      RulesVersionsCommand.command, RulesShowCommand.command, RulesStatsCommand.command, RulesWhyCommand.command,
    ])

  /// Compiles a file as a server would that counts late activities as long as by default.
  ///
  /// - Throws: `CommandFailure` when the file cannot be read; what is wrong in it are the compilation's diagnostics.
  static func compile(_ path: String) throws(CommandFailure) -> Compilation { try compileWithLists(path).0 }

  /// The same of what `-` means: standard input, with list files in the working folder.
  static func compileStandardInput() throws(CommandFailure) -> Compilation {
    let text = try InputText.file("-")
    return RulesFile.compile(Array(text.utf8), beside: "-", latenessMilliseconds: latenessMilliseconds)
  }

  /// The same of a file, with the files of its lists.
  static func compileWithLists(_ path: String) throws(CommandFailure) -> (Compilation, [ListFile]) {
    let lists = Mutex<[ListFile]>([])
    do {
      let compilation = try RulesFile.compile(path, latenessMilliseconds: latenessMilliseconds) { name, bytes in
        let file = ListFile(name: name, text: String(decoding: bytes, as: UTF8.self))
        lists.withLock { if !$0.contains(file) { $0.append(file) } }
      }
      return (compilation, lists.withLock { $0 })
    } catch {
      throw CommandFailure("\(error)", exitCode: .usage)
    }
  }

  /// Compiles what a server has in force.
  static func compile(_ version: RuleSetVersion) -> Compilation {
    RulesFile.compile(
      "rules \(version.version)", text: version.text, listFiles: version.listFiles,
      latenessMilliseconds: latenessMilliseconds)
  }

  private static let latenessMilliseconds = GatehouseConfiguration(endpoints: [], rulesPath: "").latenessMilliseconds

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
