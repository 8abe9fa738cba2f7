import GatehouseProtocol
import Wire

extension GatehouseClient {
  /// Calls any server-streaming method of the contract.
  ///
  /// - Parameters:
  ///   - method: which; a unary one is refused with INVALID_ARGUMENT.
  ///   - request: its input.
  ///   - options: its `timeout` is for the whole stream, and without one the stream has no deadline.
  /// - Throws: what can be known before it is sent; the sequence throws the rest.
  public func stream<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input, options: CallOptions = CallOptions()
  ) throws(GatehouseError) -> ResponseStream<Output> {
    try core.stream(method, request, options)
  }

  /// The states of the server, the present one first and then every change.
  ///
  /// - Parameter service: the service asked about; empty for the server as a whole.
  public func watchHealth(of service: String = "") -> HealthUpdates {
    HealthUpdates(core: core, service: service)
  }
}
