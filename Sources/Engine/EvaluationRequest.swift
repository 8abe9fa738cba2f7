import GatehouseProtocol

/// A call as the engine takes it: the bytes of an `EvaluateRequest` or a `RecordActivityRequest`.
public struct EvaluationRequest {
  /// Which message the bytes are.
  public enum Method: UInt8, BitwiseCopyable, Sendable {
    case evaluate
    case record
  }

  /// The longest request that is looked at: four times the longest activity, for what a later version may add. Reading one of a
  /// frame's full size would hold up every call behind it for as long as thousands of others take.
  public static let maxPayloadBytes = 4 * ActivityCheck.maxActivityBytes

  /// Whether the engine can do as the mode says. One of a later version may be one that leaves no trace.
  static func knows(_ mode: EvaluateRequest.Mode) -> Bool { mode == .record || mode == .check || mode == .unspecified }

  public var method: Method
  /// Valid until `Evaluator.process` has returned.
  public var payload: UnsafeRawBufferPointer

  public init(method: Method, payload: UnsafeRawBufferPointer) {
    self.method = method
    self.payload = payload
  }
}
