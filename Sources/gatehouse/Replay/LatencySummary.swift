/// What a handful of latencies come to. Exact: every one is kept, so it is for thousands of calls, not millions;
/// `gatehouse-bench` is for those.
struct LatencySummary: Sendable, Equatable {
  private var sorted: [Int64]

  /// - Parameter microseconds: in any order.
  init(microseconds: [Int64]) { sorted = microseconds.sorted() }

  var count: Int { sorted.count }

  /// The nearest-rank percentile in microseconds, 0 when there is none: the smallest latency that at least so many of a
  /// hundred do not exceed.
  func percentile(_ percent: Double) -> Int64 {
    guard !sorted.isEmpty else { return 0 }
    let rank = Int((percent / 100 * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  /// `p50 61 µs, p99 240 µs, max 400 µs`
  var text: String { "p50 \(percentile(50)) µs, p99 \(percentile(99)) µs, max \(percentile(100)) µs" }
}
