/// The part of a slot that belongs to one key's window: a view over memory that the table owns.
///
/// An empty cell is all ones, so each of its times is −1: older than any event. A cell in a table is never empty, and
/// always holds the newest event recorded for its key, because the key's clock is read from it.
protocol WindowCell {
  /// The newest time recorded, −1 in an empty cell.
  var newest: Int64 { get }
  /// How many events (times, values) the cell holds.
  var count: Int { get }
  /// The newest time among the events that were dropped for lack of room while a span still covered them, else −1.
  var lost: Int64 { get }
  /// Event `index` of `count`, oldest first; recording them in this order into an empty cell restores it.
  func event(at index: Int) -> WindowEvent

  /// What the events later than `edge` say, `event` among them if `adding`. At least one event is later than `edge`.
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading
  /// Puts the event in its place in time. Events up to `edge` are past every span. Returns the bytes newly allocated.
  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int
  /// Notes that an event of this time had to be dropped. Returns the bytes newly allocated.
  mutating func noteLost(_ time: Int64) -> Int
}

extension WindowCell {
  /// Cells whose readings need no event that was dropped.
  var lost: Int64 { -1 }
  mutating func noteLost(_ time: Int64) -> Int { 0 }
}

/// The times that bound what a window keeps and answers.
struct WindowLimits {
  let longestSpan: Int64
  let lateness: Int64

  init(_ shape: WindowShape) {
    longestSpan = shape.longestSpanMilliseconds
    lateness = shape.latenessMilliseconds
  }
}

extension WindowCell {
  /// One step: reads every span, then counts the event if it is to be recorded. Returns the bytes newly allocated.
  ///
  /// Readings come before the change and include the event by arithmetic, so that `asIf` and `record` cannot differ.
  @inline(__always)
  mutating func observe(
    _ operation: UnsafePointer<WindowOperation>, limits: WindowLimits, spans: UnsafePointer<Int64>,
    into readings: UnsafeMutablePointer<WindowReading>
  ) -> Int {
    let event = WindowEvent(operation)
    let contribution = operation.pointee.contribution
    let newest = newest
    let clock = max(event.time, newest)
    let oldestEdge = clock &- limits.longestSpan
    let isTimely = clock &- event.time <= limits.lateness && event.time > oldestEdge
    let counts = contribution != .none && isTimely
    operation.forEachSpan(spans, limits, readings) { span in
      let edge = max(clock &- span, -1)
      let adding = counts && event.time > edge
      guard newest > edge || adding else { return WindowReading() }
      var reading = self.reading(after: edge, adding: adding, event)
      reading.isPresent = true
      reading.previousMilliseconds = newest > edge ? newest : -1
      return reading
    }
    guard counts && contribution == .record else { return 0 }
    return insert(event, edge: oldestEdge)
  }
}

/// Cells of few words that own no block: most windows' cells, so the steps taken most have a short way.
protocol SlotCell: WindowCell {
  init(words: UnsafeMutablePointer<Int64>, capacity: Int)
  /// `insert` of an event that is not earlier than any other.
  func insertNewest(_ event: WindowEvent)
}

extension UnsafePointer<WindowOperation> {
  /// Answers each span that is asked for by what `reading` says of it.
  @inline(__always)
  func forEachSpan(
    _ spans: UnsafePointer<Int64>, _ limits: WindowLimits, _ readings: UnsafeMutablePointer<WindowReading>,
    _ reading: (Int64) -> WindowReading
  ) {
    var span = spans + Int(pointee.firstSpan)
    let end = span + Int(pointee.readingCount)
    var place = readings + Int(pointee.firstReading)
    while span < end {
      place.initialize(to: reading(min(max(span.pointee, 1), limits.longestSpan)))
      place += 1
      span += 1
    }
  }
}
