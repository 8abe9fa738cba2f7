/// How fire-and-forget records are buffered. What does not fit is dropped and counted; nothing ever waits for room.
public struct RecordPolicy: Sendable, Equatable {
  /// Records handed over and not yet acknowledged.
  public var capacity: Int
  /// Bytes of their messages.
  public var capacityBytes: Int
  /// Records sent and not yet answered.
  public var inFlight: Int
  /// How long one sending may take before it counts as failed; it is repeated until the server has answered.
  public var timeout: Duration
  /// The waits after a failure that may pass.
  public var backoff: Backoff

  public init(
    capacity: Int = 10_000, capacityBytes: Int = 16 << 20, inFlight: Int = 256, timeout: Duration = .seconds(5),
    backoff: Backoff = Backoff(base: .milliseconds(50), cap: .seconds(5))
  ) {
    self.capacity = capacity
    self.capacityBytes = capacityBytes
    self.inFlight = inFlight
    self.timeout = timeout
    self.backoff = backoff
  }
}
