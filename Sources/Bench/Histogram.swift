/// Counts of latencies in log-linear buckets: fixed memory, bounded relative error, a record in one to two nanoseconds.
///
///     var latency = Histogram()
///     latency.record(54_000)
///     latency.value(atPercentile: 99.9)
///
/// Values are nanoseconds. Below 2,048 every value has a bucket of its own; above, each power of two is cut into 1,024
/// buckets, so that a value read back is at least the one recorded and at most 1/1024 of it larger: three significant
/// digits. Values above `maximumTrackable` are counted in the last bucket; `maximum` still tells the true one.
///
/// The scheme is that of HdrHistogram (Gil Tene) with 3 digits, and so is the meaning of its percentiles.
public struct Histogram: Sendable, Equatable {
  /// The largest value that has a bucket of its own precision: 2⁴² − 1 ns, about 73 minutes.
  public static let maximumTrackable: UInt64 = (1 << 42) - 1

  /// A value read back exceeds the recorded one by at most this share of it.
  public static let relativeError = 1.0 / 1024

  /// Buckets a power of two has, as an exponent of two.
  static let bucketBits: UInt64 = 10
  static let bucketCount = index(of: maximumTrackable) + 1

  /// How many values each bucket holds; only those between the buckets of `minimum` and `maximum` can be other than 0.
  var counts = [UInt64](repeating: 0, count: bucketCount)
  /// How many values were recorded.
  public private(set) var count: UInt64 = 0
  /// The smallest value recorded, exactly; `UInt64.max` when there is none.
  public private(set) var minimum = UInt64.max
  /// The largest value recorded, exactly; 0 when there is none.
  public private(set) var maximum: UInt64 = 0

  public init() {}

  /// Counts one value in nanoseconds.
  public mutating func record(_ value: UInt64) {
    counts[Self.index(of: min(value, Self.maximumTrackable))] &+= 1
    count &+= 1
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  /// Adds what another histogram has counted; costs the span of its buckets.
  public mutating func merge(_ other: Histogram) {
    for index in other.occupied { counts[index] &+= other.counts[index] }
    count &+= other.count
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  /// Forgets everything and keeps the memory; costs the span of the buckets in use.
  public mutating func removeAll() {
    for index in occupied { counts[index] = 0 }
    count = 0
    minimum = .max
    maximum = 0
  }

  /// The buckets that may be other than 0.
  var occupied: Range<Int> {
    guard count > 0 else { return 0..<0 }
    let last = Self.index(of: min(maximum, Self.maximumTrackable))
    return Self.index(of: min(minimum, Self.maximumTrackable))..<(last + 1)
  }

  /// A value's bucket: shifted right until 11 bits are left, with 1,024 buckets for each step shifted.
  static func index(of value: UInt64) -> Int {
    let significant = 64 - UInt64(truncatingIfNeeded: (value | 1).leadingZeroBitCount)
    let shift = significant > bucketBits + 1 ? significant - bucketBits - 1 : 0
    return Int(truncatingIfNeeded: (shift << bucketBits) + (value >> shift))
  }

  /// The largest value that falls into the bucket.
  static func highestValue(of index: Int) -> UInt64 {
    let index = UInt64(index)
    guard index >= 2 << bucketBits else { return index }
    let shift = (index >> bucketBits) - 1
    return ((index - (shift << bucketBits) + 1) << shift) - 1
  }
}
