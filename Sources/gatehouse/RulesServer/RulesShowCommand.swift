import Arguments
import GatehouseProtocol
import ProtoJSON

/// `gatehouse rules show [VERSION]`
enum RulesShowCommand {
  static let version = Operand<String?>(
    optional: "VERSION", .string.named("VERSION"), help: "As gatehouse rules versions lists it; absent: in force")

  static let command = Command<CommandAction>(
    "show", "Print the rules that are, or were, in force on a server",
    discussion: "The text as it was applied. With --json one object, with the files of its lists.",
    examples: [
      Example("gatehouse rules show > trade.rules", "The rules in force, to be worked on"),
      Example("gatehouse rules show 0123456789abcdef --json | jq -r '.listFiles[].name'", "Which lists a version had"),
    ],
    options: ConnectionOptions.all + [GatehouseProgram.json], operands: [version], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let request = GetRulesRequest(version: arguments[version] ?? "")
    let answer = try await ConnectionOptions.call(RulesMethods.getRules, request, arguments)
    if arguments[GatehouseProgram.json] {
      try console.print(answer.json().text)
      return .ok
    }
    // The line that `print` ends is the text's last.
    try console.print(answer.text.hasSuffix("\n") ? String(answer.text.dropLast()) : answer.text)
    for file in answer.listFiles {
      let size = Quantity.of(file.text.utf8.count, "byte", "bytes")
      console.say("with the list file \(file.name.printable), \(size): see --json")
    }
    return .ok
  }
}
