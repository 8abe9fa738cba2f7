import Arguments
import Rules
import Server

/// `gatehouse rules …`: work on rules without a server.
enum RulesCommand {
  static let file = Operand("RULES", .file, help: "The rules file; list files that it names stand beside it")

  /// As many of a version's digits as decisions show (gatehouse.proto, `Decision.rule_set_version`).
  static let versionDigits = 16

  static let command = Command<CommandAction>(
    "rules", "Check and try rules without a server",
    examples: [
      Example("gatehouse rules check deploy/rules/trade.rules", "All that is wrong in a file, at once"),
      Example("gatehouse rules test deploy/rules/trade.rules deploy/sample/traffic.jsonl", "Try rules on activities"),
    ],
    commands: [RulesCheckCommand.command, RulesTestCommand.command])

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
}
