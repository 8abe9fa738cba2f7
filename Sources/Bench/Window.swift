/// The measured time of a run on the monotonic clock, in nanoseconds: what begins before it is warm-up.
struct Window: Sendable {
  let start: UInt64
  let length: UInt64

  var end: UInt64 { start + length }

  /// One comparison: a time before the start wraps to a huge distance.
  func contains(_ time: UInt64) -> Bool { time &- start < length }
}
