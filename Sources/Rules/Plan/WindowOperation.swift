import Windows

/// What the engine is to do with one counter's window on behalf of one activity.
@frozen
public struct WindowOperation: BitwiseCopyable, Sendable {
  /// The group's key in the counter's own window table. Counters that group by the same fields have the same keys.
  public var key: Hash128
  /// What is counted: a number, or of values that are told apart the 64-bit hash. Nothing for `count`.
  public var value: Int64
  /// Index into `RuleSet.counters`.
  public var counter: Int32
  /// Where the answers go: reading `firstReading + i` is over the span `RuleSet.spans[firstReading + i]`.
  public var firstReading: Int32
  /// How many readings are wanted; 0 when the activity is only counted.
  public var readingCount: Int32
  /// The activity is counted. Otherwise the windows are only read.
  public var contributes: Bool

  @inlinable
  public init(
    key: Hash128, value: Int64, counter: Int32, firstReading: Int32, readingCount: Int32, contributes: Bool
  ) {
    self.key = key
    self.value = value
    self.counter = counter
    self.firstReading = firstReading
    self.readingCount = readingCount
    self.contributes = contributes
  }
}
