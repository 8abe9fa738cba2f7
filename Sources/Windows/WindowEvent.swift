/// What a window sees of an activity.
struct WindowEvent {
  /// Unix milliseconds, 0…`latestTime`.
  let time: Int64
  /// The hash of the value (distinct) or the number itself (sums, extremes…); nothing to count.
  let value: Int64

  /// The last millisecond of the year 9999.
  static let latestTime: Int64 = 253_402_300_799_999
}

extension WindowEvent {
  @inline(__always)
  init(_ operation: UnsafePointer<WindowOperation>) {
    let time = operation.pointee.time
    let isWithinRange = UInt64(bitPattern: time) <= UInt64(Self.latestTime)
    self.time = isWithinRange ? time : time < 0 ? 0 : Self.latestTime
    value = operation.pointee.value
  }
}
