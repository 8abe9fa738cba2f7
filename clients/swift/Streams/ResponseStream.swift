import GatehouseProtocol
import Wire

/// The messages of a server stream, in order; to be read by one task.
///
/// The server sends no more than is read: a reader that stops stops the server. Ending the loop or cancelling the task
/// ends the call. The sequence throws a `GatehouseError` when the call fails; a stream is never repeated by itself.
public struct ResponseStream<Output: ProtobufMessage>: AsyncSequence, Sendable {
  public typealias Element = Output
  public typealias Failure = GatehouseError

  let call: StreamCall
  let method: String

  public func makeAsyncIterator() -> Iterator { Iterator(call: call, method: method) }

  /// Reads the stream.
  public struct Iterator: AsyncIteratorProtocol {
    let call: StreamCall
    let method: String

    /// The next message; nil at the end.
    public mutating func next(isolation actor: isolated (any _Concurrency.Actor)?) async throws(GatehouseError)
      -> Output?
    {
      let bytes: [UInt8]?
      do throws(RPCError) { bytes = try await call.next() } catch { throw GatehouseError(error, attempts: 1) }
      guard let bytes else { return nil }
      do {
        return try ProtobufDecoder().decode(Output.self, from: bytes)
      } catch {
        throw GatehouseError(.internal, "an item of \(method) cannot be read: \(error)", cause: error)
      }
    }

    /// The next message; nil at the end.
    public mutating func next() async throws(GatehouseError) -> Output? { try await next(isolation: nil) }
  }
}
