extension Histogram {
  /// The smallest bucket that at least `percentile` per cent (0 to 100) of all values do not exceed, as its largest value
  /// and never above `maximum`; 0 when nothing was recorded. At 100 it is `maximum`.
  public func value(atPercentile percentile: Double) -> UInt64 { value(atShare: percentile / 100) }

  /// The same by a share from 0 to 1.
  func value(atShare share: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    let rank = Self.rank(ofShare: share, count: count)
    var seen: UInt64 = 0
    for index in occupied {
      seen += counts[index]
      if seen >= rank { return value(of: index) }
    }
    return maximum
  }

  /// The arithmetic mean in nanoseconds, from the middles of the buckets; 0 when nothing was recorded.
  public var mean: Double {
    guard count > 0 else { return 0 }
    return occupied.reduce(0.0) { $0 + Self.middleValue(of: $1) * Double(counts[$1]) } / Double(count)
  }

  /// The standard deviation in nanoseconds, from the middles of the buckets; 0 when nothing was recorded.
  public var standardDeviation: Double {
    guard count > 0 else { return 0 }
    let mean = mean
    let squares = occupied.reduce(0.0) { sum, index in
      let distance = Self.middleValue(of: index) - mean
      return sum + distance * distance * Double(counts[index])
    }
    return (squares / Double(count)).squareRoot()
  }

  /// How many of `count` sorted values a share from 0 to 1 takes in; at least one. What the product is above a whole number
  /// by rounding alone (99.99 % of 10,000 is 9,999) does not count.
  static func rank(ofShare share: Double, count: UInt64) -> UInt64 {
    let exact = min(max(share, 0), 1) * Double(count)
    return max(1, min(count, UInt64(max(0, exact - 1e-6).rounded(.up))))
  }

  /// What a bucket reads back as.
  func value(of index: Int) -> UInt64 {
    index == Self.bucketCount - 1 ? maximum : min(Self.highestValue(of: index), maximum)
  }

  private static func middleValue(of index: Int) -> Double {
    let lowest = index == 0 ? 0 : highestValue(of: index - 1) + 1
    return (Double(lowest) + Double(highestValue(of: index))) / 2
  }
}
