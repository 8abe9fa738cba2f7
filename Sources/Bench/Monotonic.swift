import Glibc

/// The clock that latencies are measured with.
enum Monotonic {
  /// Nanoseconds from an arbitrary beginning, never going back (CLOCK_MONOTONIC); about 25 ns a reading.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

extension Duration {
  /// The whole in nanoseconds; 0 for a negative duration.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
  }

  var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
