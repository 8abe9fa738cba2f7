import Arguments
import ProtoJSON

/// `gatehouse log checkpoint [DIR]`
enum LogCheckpointCommand {
  static let command = Command<CommandAction>(
    "checkpoint", "Print the newest signed checkpoint",
    discussion: """
      A C2SP tlog-checkpoint: the log's name, how many entries it has, the root of their tree, the log's signature, and \
      the cosignatures of witnesses. Keep one elsewhere, and nobody can rewrite what it covers without being found out: \
      gatehouse log verify --against. Its signature is verified only where it is used.
      """,
    examples: [
      Example("gatehouse log checkpoint > 2026-01-01.checkpoint", "Keep the server's"),
      Example("gatehouse log checkpoint /var/lib/gatehouse --cosigned", "What witnesses stand to"),
    ],
    options: LogSource.options + [GatehouseProgram.json], operands: [LogCommand.optionalDirectory], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let source = try LogSource(arguments)
    let checkpoint = try await source.checkpoint()
    await source.close()
    try console.print(
      arguments[GatehouseProgram.json] ? checkpoint.json().text : String(checkpoint.note.dropLast()))
    return .ok
  }
}
