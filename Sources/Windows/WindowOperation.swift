/// One step for one key of a window table: what happened when, and where the answers go.
@frozen
public struct WindowOperation: BitwiseCopyable, Sendable {
  /// The group's hash.
  public var key: Hash128
  /// For `distinct` what tells the value from others; for the numeric aggregates the number; nothing for `count`.
  public var value: Int64
  /// The event's own time, Unix milliseconds; taken as the nearest within 0…253402300799999.
  public var time: Int64
  /// Where the answers go: the index of the first one's reading.
  public var firstReading: Int32
  /// The index of the first one's span.
  public var firstSpan: Int32
  /// How many readings are wanted; 0 when the event is only counted.
  public var readingCount: Int16
  /// Whether the event counts, is read as if it did, or is left out.
  public var contribution: WindowContribution

  @inlinable
  @inline(__always)
  public init(
    key: Hash128, value: Int64 = 0, time: Int64, firstReading: Int32 = 0, firstSpan: Int32 = 0, readingCount: Int16,
    contribution: WindowContribution
  ) {
    (self.key, self.value, self.time) = (key, value, time)
    (self.firstReading, self.firstSpan, self.readingCount) = (firstReading, firstSpan, readingCount)
    self.contribution = contribution
  }
}
