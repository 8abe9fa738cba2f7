/// How long to wait before the next attempt: capped exponential back-off with full jitter.
///
/// The wait before attempt n (n = 0 for the first repetition) is uniform in 0 … min(`cap`, `base` · 2ⁿ). Full jitter
/// spreads a crowd that failed at the same instant over the whole interval; with a fixed or half-fixed wait it would
/// come back as a crowd. Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
public struct Backoff: Sendable, Equatable {
  /// The upper end of the first wait.
  public var base: Duration
  /// The upper end of every later wait.
  public var cap: Duration

  /// Waits between zero and `base`, then `2 · base`, …, at most `cap`.
  ///
  /// - Parameters:
  ///   - base: the upper end of the first wait; below zero counts as zero.
  ///   - cap: the upper end of every wait; below `base` it shortens the first wait too.
  public init(base: Duration, cap: Duration) {
    self.base = base
    self.cap = cap
  }

  /// The longest possible wait before repetition `attempt`, in nanoseconds.
  func ceilingNanoseconds(attempt: Int) -> Int64 {
    let cap = max(self.cap.nanoseconds, 0)
    let base = max(self.base.nanoseconds, 0)
    guard attempt < Int64.bitWidth - 1 else { return base == 0 ? 0 : cap }
    let (product, overflow) = base.multipliedReportingOverflow(by: 1 << Int64(max(attempt, 0)))
    return overflow ? cap : min(product, cap)
  }

  /// The wait before repetition `attempt`, in nanoseconds, drawn from `random`.
  func delayNanoseconds(attempt: Int, using random: inout some RandomNumberGenerator) -> Int64 {
    Int64.random(in: 0...ceilingNanoseconds(attempt: attempt), using: &random)
  }
}
