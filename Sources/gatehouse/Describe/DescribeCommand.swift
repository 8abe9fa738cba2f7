import Arguments
import GatehouseClient
import ProtoJSON

/// `gatehouse describe`
enum DescribeCommand {
  static let proto = Option(flag: "proto", help: "Print the contract's text, gatehouse.proto")
  static let builtIn = Option(flag: "built-in", help: "Tell what this command was built from, without asking a server")

  static let command = Command<CommandAction>(
    "describe", "Show the methods that a server has, and its contract",
    examples: [
      Example("gatehouse describe", "Methods with their numbers, server and rules versions"),
      Example("gatehouse describe --proto > gatehouse.proto", "The contract, for protoc and any other language"),
    ],
    options: [proto, builtIn] + ConnectionOptions.all + [GatehouseProgram.json], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let description = arguments[builtIn] ? ownDescription : try await ask(arguments)
    if arguments[GatehouseProgram.json] {
      try console.print(description.json().text)
    } else if arguments[proto] {
      // The line that `print` ends is the text's last.
      try console.print(description.proto.hasSuffix("\n") ? String(description.proto.dropLast()) : description.proto)
    } else {
      try console.print(lines(description, console.data))
    }
    return .ok
  }

  private static func ask(_ arguments: ParsedArguments) async throws(CommandFailure) -> DescribeResponse {
    let client = ConnectionOptions.client(arguments)
    do {
      let answer = try await client.describe()
      await client.close()
      return answer
    } catch {
      throw CommandFailure(error, server: arguments[ConnectionOptions.server])
    }
  }

  private static var ownDescription: DescribeResponse {
    var description = DescribeResponse()
    description.proto = GatehouseProto.text
    description.serverVersion = GatehouseProgram.version
    description.methods = GatehouseProto.methods.map { method in
      var entry = Method()
      entry.id = method.id
      entry.name = method.name
      entry.serverStreaming = method.isServerStreaming
      return entry
    }
    return description
  }

  /// A table of the methods under the versions.
  static func lines(_ description: DescribeResponse, _ style: Style) -> [String] {
    let rules = description.ruleSetVersion.isEmpty ? "" : ", rules \(description.ruleSetVersion)"
    let heading = style.bold("Gatehouse \(description.serverVersion)\(rules)")
    let width = description.methods.map { String($0.id).count }.max() ?? 0
    return [heading]
      + description.methods.map { method in
        let id = String(repeating: " ", count: width - String(method.id).count) + String(method.id)
        return "  \(id)  \(method.name)\(method.serverStreaming ? "  (stream)" : "")"
      }
  }
}
