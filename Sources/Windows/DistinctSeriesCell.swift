/// The values of one key with the newest times, where they may be too many for the slot: an entry is a value's newest
/// time and the value. A value is looked for from the newest back, so a new one costs O(n), n up to the capacity.
struct DistinctSeriesCell: WindowCell {
  var series: EventSeries

  var newest: Int64 { series.newest }
  var count: Int { series.count }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: series.time(index), value: series.word(index))
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    let first = series.firstIndex(after: edge)
    let isNew = adding && lastIndex(of: event.value, from: first) == nil
    return .count(series.count &- first &+ (isNew ? 1 : 0), capacity: series.limit)
  }

  @inline(__always)
  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    if let index = lastIndex(of: event.value, from: 0) {
      guard series.time(index) < event.time else { return 0 }
      series.remove(index..<index + 1)
    }
    return series.insert(event.time, event.value, at: series.firstIndex(after: event.time), edge: edge).bytes
  }

  private func lastIndex(of value: Int64, from first: Int) -> Int? {
    var index = series.count &- 1
    while index >= first {
      if series.word(index) == value { return index }
      index &-= 1
    }
    return nil
  }
}
