/// What one counter keeps of each key's events: enough to answer its rules exactly, and no more.
///
/// - `count over w > K` needs the K+1 newest times: capacity K+1.
/// - `distinct over w > K` needs the K+1 values with the newest times: capacity K+1.
/// - `sum`, `average`, `minimum`, `maximum` and `first` need the events of the longest span: capacity is the most events
///   kept of one key, beyond which the oldest are dropped and readings that miss them are marked `.incomplete`.
/// - `last` needs the newest event alone; its capacity is 1, whatever is asked for.
///
/// Two counters of equal shape keep equal cells, so a table survives a change of rules that leaves its shape alone.
public struct WindowShape: Hashable, Sendable {
  /// What a window answers. Raw values are part of the snapshot format: never reuse one.
  public enum Aggregate: UInt8, CaseIterable, Hashable, Sendable {
    case count = 0
    case distinct = 1
    case sum = 2
    case average = 3
    case minimum = 4
    case maximum = 5
    case first = 6
    case last = 7
  }

  /// The most times, values or events that one key may keep.
  public static let maximumCapacity = 65_536
  /// The capacity to give aggregates that need every event of the longest span.
  public static let defaultEventCapacity = 4_096
  /// The longest span and the longest lateness: 400 days.
  public static let maximumSpanMilliseconds: Int64 = 400 * 86_400_000

  public let aggregate: Aggregate
  /// How many times (count), values (distinct) or events (the rest) of one key are kept, at least 1.
  public let capacity: Int
  /// The longest span that is ever read, at least 1 ms. Older events are forgotten.
  public let longestSpanMilliseconds: Int64
  /// How far behind its key's clock an event may be and still count; 0 accepts only events in order.
  public let latenessMilliseconds: Int64

  /// - Throws: `WindowShapeError` naming the first argument that is outside its range.
  public init(
    aggregate: Aggregate, capacity: Int, longestSpanMilliseconds: Int64, latenessMilliseconds: Int64
  ) throws(WindowShapeError) {
    guard (1...Self.maximumCapacity).contains(capacity) else { throw .capacityOutOfRange(capacity) }
    guard (1...Self.maximumSpanMilliseconds).contains(longestSpanMilliseconds) else {
      throw .spanOutOfRange(longestSpanMilliseconds)
    }
    guard (0...Self.maximumSpanMilliseconds).contains(latenessMilliseconds) else {
      throw .latenessOutOfRange(latenessMilliseconds)
    }
    self.aggregate = aggregate
    self.capacity = aggregate == .last ? 1 : capacity
    self.longestSpanMilliseconds = longestSpanMilliseconds
    self.latenessMilliseconds = latenessMilliseconds
  }
}
