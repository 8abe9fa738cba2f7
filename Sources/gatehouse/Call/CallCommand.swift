import Arguments
import GatehouseClient
import ProtoJSON
import Spelling

/// `gatehouse call METHOD JSON`
enum CallCommand {
  static let method = Operand("METHOD", .string.named("METHOD"), help: "Evaluate, or gatehouse.v1.Gatehouse/Evaluate")
  static let request = Operand<String?>(
    optional: "JSON", .string.named("JSON"), help: "The request; @FILE reads a file, - standard input; absent: {}")

  static let command = Command<CommandAction>(
    "call", "Call a method and print what it answers",
    discussion: """
      The request is proto3's JSON mapping: names as in the contract (customer_id) or in camel case (customerId), \
      enumerations by name, 64-bit integers as numbers or texts. A name that the message lacks is an error.

      The answer is one JSON object, indented on a terminal and on one line elsewhere; a stream's answers are one line \
      each, until it ends or is interrupted; --timeout does not bound a stream. gatehouse describe lists the methods.
      """,
    examples: [
      Example(
        #"gatehouse call Evaluate '{"activity":{"customer_id":"c-1","entity":"order","action":"create"}}'"#,
        "Ask, count and write"),
      Example("gatehouse call Evaluate @order.json | jq .outcome", "Take the request from a file"),
      Example("gatehouse call Watch", "Print the server's state now and after every change"),
    ],
    options: ConnectionOptions.all + [GatehouseProgram.json], operands: [method, request], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let method = try callable(arguments[method])
    let request = try json(arguments[request] ?? "{}")
    let isIndented = console.data.isDecorated && !arguments[GatehouseProgram.json] && !method.method.isServerStreaming
    let client = ConnectionOptions.client(arguments)
    do {
      try await method.call(client, request) { answer in
        try console.print(isIndented ? answer.indentedText : answer.text)
      }
    } catch let error as JSONMappingError {
      throw CommandFailure("\(method.shortName): \(error)", advice: error.advice, exitCode: .usage)
    } catch let error as GatehouseError {
      throw CommandFailure(error, server: arguments[ConnectionOptions.server])
    }
    await client.close()
    return .ok
  }

  private static func callable(_ name: String) throws(CommandFailure) -> CallableMethod {
    if let method = CallableMethod.named(name) { return method }
    let names = CallableMethod.all.map(\.shortName)
    let advice = nearest(to: name, among: names).map { "Did you mean \($0)?" }
    throw CommandFailure(
      "there is no method \(name)", advice: advice ?? "There are \(names.joined(separator: ", "))", exitCode: .usage)
  }

  private static func json(_ argument: String) throws(CommandFailure) -> JSONValue {
    let text = try InputText.of(argument: argument)
    do {
      return try JSONValue(parsing: text)
    } catch {
      throw CommandFailure("the request is not JSON: \(error)", exitCode: .usage)
    }
  }
}
