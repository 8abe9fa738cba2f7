import Arguments
import GatehouseClient
import Transport

/// The options of every command that talks to a server.
enum ConnectionOptions {
  static let server = Option<Endpoint>(
    "server", .endpoint, default: .tcp(host: "127.0.0.1", port: defaultPort), help: "Where the server listens")
  static let timeout = Option<Duration>(
    "timeout", .duration(in: .milliseconds(1) ... .seconds(3_600)), default: .seconds(5),
    help: "Longest wait for an answer, connecting included")

  static let all: [any OptionDeclaration] = [server, timeout]

  /// Where a server listens and a command looks for one unless told otherwise. Not registered with IANA.
  static let defaultPort: UInt16 = 7400

  /// A client for a command's few calls: one connection, no answer but the server's.
  static func client(_ arguments: ParsedArguments) -> GatehouseClient {
    var configuration = ClientConfiguration(servers: [arguments[server]])
    configuration.connections = 1
    configuration.timeout = arguments[timeout]
    configuration.whenDisconnected = .failFast
    configuration.agent = "gatehouse/\(GatehouseProgram.version)"
    return GatehouseClient(configuration)
  }
}
