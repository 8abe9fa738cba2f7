/// The choice of a connection by the power of two choices: of two drawn at random the one with fewer calls in flight.
///
/// Nearly as even as looking at all of them, at a constant cost, and without the herd that rushes to one idle
/// connection. Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996.
enum LeastLoaded {
  /// The index chosen of `count` connections; nil if there are none. `load` is asked for two of them at most.
  static func choose(
    of count: Int, using random: inout some RandomNumberGenerator, load: (Int) -> Int
  ) -> Int? {
    guard count > 1 else { return count == 1 ? 0 : nil }
    let first = Int.random(in: 0..<count, using: &random)
    let other = Int.random(in: 0..<(count - 1), using: &random)
    let second = other >= first ? other + 1 : other
    return load(second) < load(first) ? second : first
  }
}
