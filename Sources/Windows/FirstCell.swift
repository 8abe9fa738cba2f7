/// The events of one key, for the value of the oldest that a span covers: as the span moves on, each may become that one.
/// Among events of the same time the one recorded first is the oldest. Costs: those of `CountSeriesCell`.
struct FirstCell: WindowCell {
  var series: EventSeries

  var newest: Int64 { series.newest }
  var count: Int { series.count }
  var lost: Int64 { series.lost }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: series.time(index), value: series.word(index))
  }

  mutating func noteLost(_ time: Int64) -> Int { series.noteLost(time) }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    let first = series.firstIndex(after: edge)
    let isOldest = first == series.count || (adding && event.time < series.time(first))
    return WindowReading(
      value: isOldest ? event.value : series.word(first), flags: series.lost > edge ? .incomplete : [])
  }

  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    series.insert(event.time, event.value, at: series.firstIndex(after: event.time), edge: edge).bytes
  }
}
