import Arguments

/// Does what a command is for.
typealias CommandAction = @Sendable (ParsedArguments, Console) async throws -> ExitCode

/// Every command of `gatehouse`.
enum GatehouseProgram {
  static let version = "0.1.0"

  static let program = Program(
    root: Command<CommandAction>(
      "gatehouse", "Decides who may pass, and keeps the book of who did",
      examples: [
        Example("gatehouse rules check deploy/rules/trade.rules", "Check rules before they run"),
        Example("gatehouse rules test deploy/rules/trade.rules deploy/sample/traffic.jsonl", "Try them on activities"),
      ],
      commands: [
        RulesCommand.command
      ]),
    version: version, variablePrefix: "GATEHOUSE")

  /// Data for programs in place of text for people.
  static let json = Option(flag: "json", help: "Print JSON, one object a line, in place of text")
}
