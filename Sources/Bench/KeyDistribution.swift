/// How keys, 0 to `count` − 1, are drawn.
enum KeyDistribution: Sendable {
  case uniform(count: UInt64)
  /// Key 0 is the most frequent.
  case zipf(ZipfDistribution)

  init(count: UInt64, zipf exponent: Double?) {
    self = exponent.map { .zipf(ZipfDistribution(count: count, exponent: $0)) } ?? .uniform(count: count)
  }

  func next(using random: inout SplitMix64) -> UInt64 {
    switch self {
    case .uniform(let count): random.nextIndex(below: count)
    case .zipf(let distribution): distribution.next(using: &random) - 1
    }
  }
}
