/// A batched call as the I/O queue keeps it from reading to answering.
@frozen
@usableFromInline
struct CallRecord {
  /// Where the payload lies: in the read arena, or in a connection's own buffer of an unfinished frame.
  @usableFromInline let payload: UnsafeRawPointer
  @usableFromInline let payloadByteCount: UInt32
  /// The call's id on its connection.
  @usableFromInline let call: UInt32
  /// Monotonic nanoseconds; `.max` when none was stated.
  @usableFromInline let deadline: UInt64
  /// The connection's slot; stable until the batch was answered.
  @usableFromInline let slot: UInt32
  @usableFromInline let method: UInt16

  @inline(__always)
  init(
    payload: UnsafeRawPointer, payloadByteCount: UInt32, call: UInt32, deadline: UInt64, slot: UInt32, method: UInt16
  ) {
    self.payload = payload
    self.payloadByteCount = payloadByteCount
    self.call = call
    self.deadline = deadline
    self.slot = slot
    self.method = method
  }
}
