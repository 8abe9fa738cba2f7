import Arguments
import Server

/// Does what a command is for.
typealias CommandAction = @Sendable (ParsedArguments, Console) async throws -> ExitCode

/// Every command of `gatehouse`.
enum GatehouseProgram {
  /// The server's; one program, one version.
  static let version = GatehouseServer.version

  static let program = Program(
    root: Command<CommandAction>(
      "gatehouse", "Decides who may pass, and keeps the book of who did",
      examples: [
        Example("gatehouse serve --rules deploy/rules/trade.rules", "Start a server"),
        Example(
          #"gatehouse call Evaluate '{"activity":{"customer_id":"c-1","entity":"order","action":"create"}}'"#,
          "Ask whether an activity may pass"),
        Example("gatehouse health", "Is the server ready? For scripts: the exit code says it"),
        Example("gatehouse rules check deploy/rules/trade.rules", "Check rules before they run"),
        Example("gatehouse rules test deploy/rules/trade.rules", "Run the tests that stand beside them"),
        Example("gatehouse log verify /var/lib/gatehouse", "Prove that nothing in the log was altered"),
      ],
      commands: [
        ServeCommand.command, CallCommand.command, DescribeCommand.command, HealthCommand.command,
        ReplayCommand.command, RulesCommand.command, LogCommand.command,
      ]),
    version: version, variablePrefix: "GATEHOUSE",
    exitCodes: ExitCode.basic + [
      ExitCode.Meaning(.unavailable, "the server could not be reached or did not answer in time; trying again may help")
    ])

  /// Data for programs in place of text for people.
  static let json = Option(flag: "json", help: "Print JSON, one object a line, in place of text")
}
