/// The events of one key that are or may yet become the smallest or largest of a span: those that no event of the same
/// time or newer equals or exceeds. Their values fall from old to new, so a span's extreme is the first entry that it
/// covers: O(log n). Recording is O(1) amortised, since each event is removed once.
///
/// For the smallest, entries hold the value's complement, which turns the order round.
struct ExtremeCell: WindowCell {
  var series: EventSeries
  let isMinimum: Bool

  var newest: Int64 { series.newest }
  var count: Int { series.count }
  var lost: Int64 { series.lost }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: series.time(index), value: ranked(series.word(index)))
  }

  mutating func noteLost(_ time: Int64) -> Int { series.noteLost(time) }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    let first = series.firstIndex(after: edge)
    var best = first < series.count ? series.word(first) : Int64.min
    if adding { best = max(best, ranked(event.value)) }
    return WindowReading(value: ranked(best), flags: series.lost > edge ? .incomplete : [])
  }

  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    let rank = ranked(event.value)
    let place = series.firstIndex(after: event.time)
    if place < series.count && series.word(place) >= rank { return 0 }
    if place > 0 && series.time(place - 1) == event.time && series.word(place - 1) >= rank { return 0 }
    var first = place
    while first > 0 && series.word(first - 1) <= rank { first -= 1 }
    if first < place { series.remove(first..<place) }
    return series.insert(event.time, rank, at: first, edge: edge).bytes
  }

  /// Its own inverse.
  @inline(__always)
  private func ranked(_ value: Int64) -> Int64 { isMinimum ? ~value : value }
}
