import Foundation

extension Histogram {
  /// One point of the latency-by-percentile curve.
  public struct Point: Sendable, Equatable {
    /// Nanoseconds.
    public var value: UInt64
    /// The share of all values at or below `value`, 0 to 1.
    public var percentile: Double
    /// How many values are at or below `value`.
    public var count: UInt64
  }

  /// The curve as HdrHistogram's plotter wants it: `stepsPerHalf` points on the way to 50 %, as many on the way to 75 %,
  /// to 87.5 % and so on, until every value is taken in. Empty when nothing was recorded.
  public func distribution(stepsPerHalf: Int = 5) -> [Point] {
    var points: [Point] = []
    var level = 0.0
    var seen: UInt64 = 0
    for index in occupied where counts[index] > 0 {
      seen += counts[index]
      while seen < count, seen >= Self.rank(ofShare: level, count: count) {
        points.append(Point(value: value(of: index), percentile: level, count: seen))
        level = Self.nextLevel(after: level, stepsPerHalf: stepsPerHalf)
      }
    }
    if count > 0 { points.append(Point(value: maximum, percentile: 1, count: count)) }
    return points
  }

  /// The text that HdrHistogram's plotter reads (https://hdrhistogram.github.io/HdrHistogram/plotFiles.html), values in µs.
  ///
  /// One line a point: the value, the percentile from 0 to 1, the count at or below the value, and 1/(1 − percentile),
  /// which the last line lacks. Three lines of totals follow, each beginning with `#`.
  public func hgrm() -> String {
    var lines = ["       Value     Percentile TotalCount 1/(1-Percentile)", ""]
    for point in distribution() {
      let head = String(format: "%12.3f %2.12f %10ld", Double(point.value) / 1000, point.percentile, Int(point.count))
      lines.append(point.percentile < 1 ? head + String(format: " %14.2f", 1 / (1 - point.percentile)) : head)
    }
    lines.append(
      String(format: "#[Mean    = %12.3f, StdDeviation   = %12.3f]", mean / 1000, standardDeviation / 1000))
    lines.append(String(format: "#[Max     = %12.3f, Total count    = %12ld]", Double(maximum) / 1000, Int(count)))
    lines.append(
      String(format: "#[Buckets = %12ld, SubBuckets     = %12ld]", Self.bucketCount >> Self.bucketBits, 2048))
    return lines.joined(separator: "\n") + "\n"
  }

  /// Steps halve with every halving of the distance to 1.
  private static func nextLevel(after level: Double, stepsPerHalf: Int) -> Double {
    let halvings = log2(1 / (1 - level)).rounded(.down)
    return level + 1 / (Double(stepsPerHalf) * exp2(halvings + 1))
  }
}
