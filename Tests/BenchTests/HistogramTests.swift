import Testing

@testable import Bench

@Suite("A histogram")
struct HistogramTests {
  @Test("agrees with a sorted array within its stated error, at every percentile", arguments: Seed.all)
  func percentiles(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<20 {
      let values = Self.randomValues(&random)
      var histogram = Histogram()
      for value in values { histogram.record(value) }
      let sorted = values.sorted()
      for percentile in [0, 1, 10, 50, 90, 99, 99.9, 99.99, 100] {
        let rank = Histogram.rank(ofShare: percentile / 100, count: UInt64(sorted.count))
        let exact = sorted[Int(rank) - 1]
        let read = histogram.value(atPercentile: percentile)
        #expect(read >= exact, "seed \(seed), percentile \(percentile)")
        #expect(
          Double(read - exact) <= Double(exact) * Histogram.relativeError, "seed \(seed), percentile \(percentile)")
      }
      #expect(histogram.value(atPercentile: 100) == sorted.last)
      #expect(histogram.minimum == sorted.first)
    }
  }

  @Test("of parts merged is the histogram of the whole", arguments: Seed.all)
  func merging(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var whole = Histogram()
    var parts = [Histogram(), Histogram(), Histogram()]
    for value in Self.randomValues(&random) {
      whole.record(value)
      parts[Int(random.nextIndex(below: 3))].record(value)
    }
    var merged = Histogram()
    for part in parts { merged.merge(part) }
    #expect(merged == whole, "seed \(seed)")
  }

  @Test("emptied is as good as new", arguments: Seed.all)
  func emptying(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var histogram = Histogram()
    for value in Self.randomValues(&random) { histogram.record(value) }
    histogram.removeAll()
    #expect(histogram == Histogram(), "seed \(seed)")
  }

  @Test("has buckets that follow one another without gap or overlap")
  func buckets() {
    var previous: UInt64 = 0
    for index in 1..<Histogram.bucketCount {
      #expect(Histogram.index(of: previous + 1) == index)
      previous = Histogram.highestValue(of: index)
      #expect(Histogram.index(of: previous) == index)
    }
    #expect(previous == Histogram.maximumTrackable)
  }

  @Test("keeps the true maximum of what is too large for its buckets")
  func tooLarge() {
    var histogram = Histogram()
    histogram.record(5)
    histogram.record(.max)
    #expect(histogram.maximum == .max)
    #expect(histogram.value(atPercentile: 100) == .max)
    #expect(histogram.value(atPercentile: 50) == 5)
  }

  @Test("of nothing says 0 everywhere")
  func empty() {
    let histogram = Histogram()
    #expect(histogram.value(atPercentile: 99) == 0)
    #expect(histogram.mean == 0)
    #expect(histogram.standardDeviation == 0)
    #expect(histogram.distribution().isEmpty)
  }

  @Test("knows mean and deviation within its stated error", arguments: Seed.all)
  func moments(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var histogram = Histogram()
    let values = (0..<10_000).map { _ in 50_000 + random.nextIndex(below: 1_000_000) }
    for value in values { histogram.record(value) }
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
    #expect(abs(histogram.mean / mean - 1) < Histogram.relativeError, "seed \(seed)")
    #expect(abs(histogram.standardDeviation / variance.squareRoot() - 1) < 2 * Histogram.relativeError, "seed \(seed)")
  }

  /// A few to a few thousand values, from nanoseconds to an hour, of sizes as different as a latency's.
  static func randomValues(_ random: inout SplitMix64) -> [UInt64] {
    (0..<(1 + random.nextIndex(below: 3_000))).map { _ in
      let bits = random.nextIndex(below: 42)
      return random.next() & ((1 << (bits + 1)) - 1)
    }
  }
}
