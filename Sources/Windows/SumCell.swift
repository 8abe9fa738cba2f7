/// The events of one key for sums and averages: an entry is a time and the sum of all values up to and with it, modulo
/// 2⁶⁴. A span's sum is one difference, O(log n) to find; recording is O(1) amortised, an event late by n adds to n sums.
///
/// The difference is the sum itself as long as the true sum fits an Int64. `largest`, the largest magnitude in the block
/// since it was last empty, says when that is certain; if it is not, the values are added up in 128 bits, in O(n).
struct SumCell: WindowCell {
  var series: EventSeries
  let isAverage: Bool

  var newest: Int64 { series.newest }
  var count: Int { series.count }
  var lost: Int64 { series.lost }

  func event(at index: Int) -> WindowEvent {
    WindowEvent(time: series.time(index), value: value(index))
  }

  @inline(__always)
  func reading(after edge: Int64, adding: Bool, _ event: WindowEvent) -> WindowReading {
    let first = series.firstIndex(after: edge)
    let total = sum(from: first) + (adding ? Int128(event.value) : 0)
    let flags: WindowReading.Flags = series.lost > edge ? .incomplete : []
    guard !isAverage else {
      return WindowReading(value: Self.average(total, series.count &- first &+ (adding ? 1 : 0)), flags: flags)
    }
    let value = Int64(clamping: total)
    return WindowReading(value: value, flags: Int128(value) == total ? flags : flags.union(.saturated))
  }

  mutating func insert(_ event: WindowEvent, edge: Int64) -> Int {
    if series.isInSlot && series.isAtEnd { forgetInSlot(edge) }
    let wasInSlot = series.isInSlot
    let place = series.firstIndex(after: event.time)
    let before = place == 0 ? series.base : series.word(place - 1)
    let (bytes, index) = series.insert(event.time, before &+ event.value, at: place, edge: edge)
    if let index {
      for later in index + 1..<series.count { series.add(event.value, toWord: later) }
    }
    if !series.isInSlot {
      let isFresh = wasInSlot || series.count == 1
      series.largest = isFresh ? largestMagnitude() : max(series.largest, Self.magnitude(event.value))
    }
    return bytes
  }

  mutating func noteLost(_ time: Int64) -> Int {
    let bytes = series.noteLost(time)
    series.largest = largestMagnitude()
    return bytes
  }

  /// Drops what no span covers from a full slot. It has no room for a base, so the sums that stay lose what went.
  private mutating func forgetInSlot(_ edge: Int64) {
    let dead = series.firstIndex(after: edge)
    guard dead > 0 else { return }
    let base = series.word(dead - 1)
    series.dropFirst(dead)
    for index in 0..<series.count { series.add(0 &- base, toWord: index) }
  }

  @inline(__always)
  private func value(_ index: Int) -> Int64 {
    series.word(index) &- (index == 0 ? series.base : series.word(index &- 1))
  }

  @inline(__always)
  private func sum(from first: Int) -> Int128 {
    let covered = series.count &- first
    guard covered > 0 else { return 0 }
    if !series.isInSlot && !series.largest.multipliedReportingOverflow(by: Int64(covered)).overflow {
      return Int128(series.word(series.count &- 1) &- (first == 0 ? series.base : series.word(first &- 1)))
    }
    var total: Int128 = 0
    for index in first..<series.count { total &+= Int128(value(index)) }
    return total
  }

  private func largestMagnitude() -> Int64 {
    var largest: Int64 = 0
    for index in 0..<series.count { largest = max(largest, Self.magnitude(value(index))) }
    return largest
  }

  /// The magnitude of the smallest Int64 is one more than the largest Int64; as an upper bound of what one value adds to
  /// a sum's distance from 0, it would do harm only alone, and alone it is its own difference.
  private static func magnitude(_ value: Int64) -> Int64 {
    value == .min ? .max : abs(value)
  }

  /// The quotient rounded to the nearest, halves away from zero: what rules compare and explanations show.
  private static func average(_ total: Int128, _ count: Int) -> Int64 {
    let count = Int128(count)
    let (quotient, remainder) = total.quotientAndRemainder(dividingBy: count)
    guard remainder.magnitude * 2 >= count.magnitude else { return Int64(clamping: quotient) }
    return Int64(clamping: quotient + total.signum())
  }
}
