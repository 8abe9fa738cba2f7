import Arguments

/// `gatehouse rules …`: work on rules without a server.
enum RulesCommand {
  static let file = Operand("RULES", .file, help: "The rules file; list files that it names stand beside it")

  static let command = Command<CommandAction>(
    "rules", "Check and try rules without a server",
    examples: [
      Example("gatehouse rules check deploy/rules/trade.rules", "All that is wrong in a file, at once"),
      Example("gatehouse rules test deploy/rules/trade.rules deploy/sample/traffic.jsonl", "Try rules on activities"),
    ],
    commands: [RulesCheckCommand.command, RulesTestCommand.command])
}
