import Foundation
import Testing

@testable import Bench

@Suite("The latency-by-percentile curve")
struct DistributionTests {
  @Test("rises in value, percentile and count, and ends with everything", arguments: Seed.all)
  func rises(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var histogram = Histogram()
    for value in HistogramTests.randomValues(&random) { histogram.record(value) }
    let points = histogram.distribution()
    for (left, right) in zip(points, points.dropFirst()) {
      #expect(left.value <= right.value && left.count <= right.count, "seed \(seed)")
      #expect(left.percentile < right.percentile, "seed \(seed)")
    }
    #expect(points.last == Histogram.Point(value: histogram.maximum, percentile: 1, count: histogram.count))
  }

  @Test("has at each point the value that the percentile has", arguments: Seed.all)
  func agrees(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var histogram = Histogram()
    for value in HistogramTests.randomValues(&random) { histogram.record(value) }
    for point in histogram.distribution() where point.percentile > 0 {
      #expect(histogram.value(atShare: point.percentile) == point.value, "seed \(seed)")
    }
  }

  @Test("is written as HdrHistogram's plotter reads it")
  func hgrm() {
    var histogram = Histogram()
    for value in [1_000, 2_000, 3_000, 4_000] as [UInt64] { histogram.record(value) }
    let lines = histogram.hgrm().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "       Value     Percentile TotalCount 1/(1-Percentile)")
    #expect(lines[1] == "")
    #expect(lines[2] == "       1.000 0.000000000000          1           1.00")
    #expect(lines[3] == "       1.000 0.100000000000          1           1.11")
    #expect(lines[4] == "       1.000 0.200000000000          1           1.25")
    #expect(lines[5] == "       2.000 0.300000000000          2           1.43")
    let last = lines.firstIndex { $0.hasPrefix("#") } ?? 0
    #expect(lines[last - 1] == "       4.000 1.000000000000          4")
    #expect(lines[last] == "#[Mean    =        2.500, StdDeviation   =        1.118]")
    #expect(lines[last + 1] == "#[Max     =        4.000, Total count    =            4]")
    #expect(lines[last + 2] == "#[Buckets =           33, SubBuckets     =         2048]")
    #expect(lines[last + 3] == "")
  }

  @Test("steps finer the nearer it comes to the end")
  func steps() {
    var histogram = Histogram()
    for value in 1...100_000 as ClosedRange<UInt64> { histogram.record(value * 100) }
    let levels = histogram.distribution().map(\.percentile)
    for level in [0.1, 0.5, 0.55, 0.75, 0.775, 0.875, 0.9375] {
      #expect(levels.contains { abs($0 - level) < 1e-9 }, "\(level)")
    }
  }
}
