import GatehouseProtocol
import Wire

extension GatehouseClient {
  /// Calls any unary method of the contract.
  ///
  /// - Parameters:
  ///   - method: which; a streaming one is refused with INVALID_ARGUMENT, see `stream`.
  ///   - request: its input.
  ///   - isIdempotent: carrying it out twice is the same as once, so it may be retried after a failure in the middle.
  ///   - options: what this call does otherwise than the client; `fallback` does not matter here.
  public func call<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input, isIdempotent: Bool = false,
    options: CallOptions = CallOptions()
  ) async throws(GatehouseError) -> Output {
    let call = try core.call(method, request, isIdempotent: isIdempotent, options)
    return try await call.answer { method.output(of: $0) }
  }

  /// Calls any unary method of the contract, without `async`; see `evaluate` for what `completion` may do.
  @discardableResult
  public func call<Input, Output>(
    _ method: MethodDescriptor<Input, Output>, _ request: Input, isIdempotent: Bool = false,
    options: CallOptions = CallOptions(), completion: @escaping @Sendable (Result<Output, GatehouseError>) -> Void
  ) -> PendingCall {
    do throws(GatehouseError) {
      let call = try core.call(method, request, isIdempotent: isIdempotent, options)
      call.begin { completion(method.output(of: $0)) }
      return PendingCall(call)
    } catch {
      completion(.failure(error))
      return PendingCall(nil)
    }
  }

  /// The contract's text, the methods served and the versions of server and rules.
  public func describe(options: CallOptions = CallOptions()) async throws(GatehouseError) -> DescribeResponse {
    try await call(ReflectionMethods.describe, DescribeRequest(), isIdempotent: true, options: options)
  }

  /// Whether the server may be sent traffic, now.
  ///
  /// - Parameter service: the service asked about; empty for the server as a whole. NOT_FOUND if there is none of that
  ///   name.
  public func checkHealth(
    of service: String = "", options: CallOptions = CallOptions()
  ) async throws(GatehouseError) -> HealthCheckResponse.ServingStatus {
    let request = HealthCheckRequest(service: service)
    return try await call(HealthMethods.check, request, isIdempotent: true, options: options).status
  }
}
