/// What a window answers for one key and one span.
@frozen
public struct WindowReading: Equatable, Sendable {
  /// What the value does not say by itself.
  @frozen
  public struct Flags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// A count or a distinct count that has reached the window's capacity: the true value is this or more.
    @inlinable public static var atLeast: Flags { Flags(rawValue: 1) }
    /// A sum beyond Int64: the value is the nearest Int64.
    @inlinable public static var saturated: Flags { Flags(rawValue: 2) }
    /// Events within the span were given up for want of room, the key's oldest or, a while ago, all of them: the value is
    /// over those that are left.
    @inlinable public static var incomplete: Flags { Flags(rawValue: 4) }
  }

  /// The number of events (count) or of values (distinct); otherwise the sum, the average (rounded to the nearest, halves
  /// away from zero), the smallest, largest, oldest or newest value. 0 when there is none: ask `isPresent`.
  public var value: Int64
  /// The newest time recorded for the key before this event, if the span covers it, else −1. "Time since the last one"
  /// is the event's own time less this.
  public var previousMilliseconds: Int64
  /// Whether the span covers any event, so that averages, extremes, first and last have a meaning.
  public var isPresent: Bool
  public var flags: Flags

  @inlinable
  public init(value: Int64 = 0, previousMilliseconds: Int64 = -1, isPresent: Bool = false, flags: Flags = []) {
    self.value = value
    self.previousMilliseconds = previousMilliseconds
    self.isPresent = isPresent
    self.flags = flags
  }
}
