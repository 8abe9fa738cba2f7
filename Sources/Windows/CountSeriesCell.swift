/// The newest times of one key where they may be too many for the slot. Reading and recording: O(log n) and O(1)
/// amortised; an event that is late by n events moves n times.
struct CountSeriesCell: WindowCell {
  var series: EventSeries

  var newest: Int64 { series.newest }
  var count: Int { series.count }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: series.time(index), value: 0)
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    .count(series.count &- series.firstIndex(after: edge) &+ (adding ? 1 : 0), capacity: series.limit)
  }

  @inline(__always)
  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    series.insert(event.time, at: series.firstIndex(after: event.time), edge: edge).bytes
  }
}
