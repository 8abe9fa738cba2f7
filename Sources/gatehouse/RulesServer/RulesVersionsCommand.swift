import Arguments
import GatehouseProtocol
import ProtoJSON

/// `gatehouse rules versions`
enum RulesVersionsCommand {
  static let command = Command<CommandAction>(
    "versions", "List the versions of the rules that were in force on a server",
    discussion: "Newest first; * marks the one in force. With --json every version is one object, without its text.",
    examples: [
      Example("gatehouse rules versions", "Since when, by whom, and why"),
      Example("gatehouse rules versions --json | jq -r .version | head -1", "The version in force"),
    ],
    options: ConnectionOptions.all + [GatehouseProgram.json], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let versions = try await ConnectionOptions.call(
      RulesMethods.listRuleVersions, ListRuleVersionsRequest(), arguments
    ).versions
    let lines =
      arguments[GatehouseProgram.json] ? try versions.map { try $0.jsonWithoutTexts().text } : table(versions).lines
    try console.print(lines)
    return .ok
  }

  static func table(_ versions: [RuleSetVersion]) -> TextTable {
    var table = TextTable([.left, .left, .left, .right, .left, .left])
    table.add(["", "version", "in force since", "entry", "author", "comment"])
    for version in versions {
      table.add([
        version.inForce ? "*" : "", version.version, version.appliedAtText,
        version.logIndex.map { String($0) } ?? "-", version.author.isEmpty ? "(rules file)" : version.author,
        version.comment,
      ])
    }
    return table
  }
}
