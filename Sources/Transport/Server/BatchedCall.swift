/// One call of a batch, where it lies; valid until `BatchHandler.handle` returns.
@frozen
public struct BatchedCall {
  /// The method's id.
  public let method: UInt16
  /// The request's bytes.
  public let payload: UnsafeRawBufferPointer
  /// When its answer is of no more use, in monotonic nanoseconds; `.max` when the caller stated no time.
  public let deadline: UInt64

  @inlinable
  init(_ record: CallRecord) {
    method = record.method
    payload = UnsafeRawBufferPointer(start: record.payload, count: Int(record.payloadByteCount))
    deadline = record.deadline
  }
}
