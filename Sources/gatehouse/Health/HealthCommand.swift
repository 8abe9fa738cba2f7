import Arguments
import GatehouseClient
import ProtoJSON

/// `gatehouse health`
enum HealthCommand {
  static let watch = Option(
    flag: "watch", short: "w", help: "Go on, and print every change until interrupted; UNKNOWN is out of reach")
  static let service = Operand<String?>(
    optional: "SERVICE", .string.named("SERVICE"), help: "gatehouse.v1.Gatehouse; absent: the server as a whole")

  static let command = Command<CommandAction>(
    "health", "Ask whether a server may be sent traffic",
    discussion: "Exits with 0 when it is SERVING, with 1 when it is not, with 3 when it cannot be reached.",
    examples: [
      Example("until gatehouse health; do sleep 1; done", "Wait for a server in a script"),
      Example("gatehouse health --watch", "Print the state now and after every change"),
    ],
    options: [watch] + ConnectionOptions.all + [GatehouseProgram.json], operands: [service], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let client = ConnectionOptions.client(arguments)
    let service = arguments[service] ?? ""
    var latest = HealthCheckResponse.ServingStatus.unknown
    if arguments[watch] {
      for await status in client.watchHealth(of: service) {
        try show(status, arguments, console)
        latest = status
      }
    } else {
      do {
        latest = try await client.checkHealth(of: service)
      } catch {
        throw CommandFailure(error, server: arguments[ConnectionOptions.server])
      }
      try show(latest, arguments, console)
    }
    await client.close()
    return latest == .serving ? .ok : .failed
  }

  private static func show(
    _ status: HealthCheckResponse.ServingStatus, _ arguments: ParsedArguments, _ console: Console
  ) throws {
    let answer = HealthCheckResponse(status: status)
    try console.print(arguments[GatehouseProgram.json] ? answer.json().text : status.description)
  }
}
