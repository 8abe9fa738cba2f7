import Arguments
import GatehouseProtocol
import ProtoJSON

/// `gatehouse rules rollback [VERSION]`
enum RulesRollbackCommand {
  static let version = Operand<String?>(
    optional: "VERSION", .string.named("VERSION"), help: "As gatehouse rules versions lists it; absent: the one before")

  static let command = Command<CommandAction>(
    "rollback", "Put an earlier version of the rules in force again",
    discussion: """
      Without a version, the newest that is another than the one in force. It is a change like any other: the log tells \
      of it, and a second rollback without a version takes the first one back. Exits with 1 when there is no such version.
      """,
    examples: [
      Example("gatehouse rules rollback --comment 'blocks too many'", "Back to the rules before"),
      Example("gatehouse rules rollback 0123456789abcdef", "Back to these"),
    ],
    options: ChangeOptions.all + ConnectionOptions.all + [GatehouseProgram.json], operands: [version], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let request = RollbackRulesRequest(
      version: arguments[version] ?? "", author: ChangeOptions.author(arguments),
      comment: arguments[ChangeOptions.comment] ?? "")
    // Without a version a second time would take the first one back.
    let answer = try await ConnectionOptions.call(
      RulesMethods.rollbackRules, request, isIdempotent: !request.version.isEmpty, arguments)
    try console.print(arguments[GatehouseProgram.json] ? answer.jsonWithoutTexts().text : answer.sentence)
    return .ok
  }
}
