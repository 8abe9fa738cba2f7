/// A call as the engine takes it: the bytes of an `EvaluateRequest` or a `RecordActivityRequest`.
public struct EvaluationRequest {
  /// Which message the bytes are.
  public enum Method: UInt8, BitwiseCopyable, Sendable {
    case evaluate
    case record
  }

  public var method: Method
  /// Valid until `Evaluator.process` has returned.
  public var payload: UnsafeRawBufferPointer

  public init(method: Method, payload: UnsafeRawBufferPointer) {
    self.method = method
    self.payload = payload
  }
}
