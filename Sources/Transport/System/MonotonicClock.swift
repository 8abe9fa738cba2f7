import Glibc

/// The clock of deadlines and latencies: nanoseconds from an arbitrary beginning, never going back (CLOCK_MONOTONIC).
///
/// Tests inject their own.
public struct MonotonicClock: Sendable {
  /// Nanoseconds now.
  public let now: @Sendable () -> UInt64

  public init(now: @escaping @Sendable () -> UInt64) { self.now = now }

  /// The system's.
  public static let system = MonotonicClock {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
