/// A small, fast generator of uniform 64-bit numbers that a seed replays exactly.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014). Period 2⁶⁴; passes BigCrush; one
/// draw costs about a nanosecond. Not for secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform over the open interval (0, 1): never 0, so its logarithm is finite.
  mutating func nextUnit() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// Uniform over `0..<bound` by the high half of a product; the bias is below `bound`/2⁶⁴.
  mutating func nextIndex(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }
}
