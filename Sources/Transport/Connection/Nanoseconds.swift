extension Duration {
  /// The whole in nanoseconds: 0 for a negative duration, at most 2⁶² (146 years), so that sums do not overflow.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 4_000_000_000 else { return 1 << 62 }
    return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
  }
}
