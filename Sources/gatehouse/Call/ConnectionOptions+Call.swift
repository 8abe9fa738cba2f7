import Arguments
import GatehouseClient
import Wire

extension ConnectionOptions {
  /// One call of the server that the arguments name.
  ///
  /// - Parameter isIdempotent: carrying it out twice is the same as once.
  static func call<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input, isIdempotent: Bool = true, _ arguments: ParsedArguments
  ) async throws(CommandFailure) -> Output {
    let client = client(arguments)
    do throws(GatehouseError) {
      let output = try await client.call(method, request, isIdempotent: isIdempotent)
      await client.close()
      return output
    } catch {
      await client.close()
      throw CommandFailure(error, server: arguments[server])
    }
  }
}
