/// The values of three-valued logic: false, true, or unknown for want of a field or of a counter's value.
enum Truth {
  static let no: UInt16 = 0
  static let yes: UInt16 = 1
  /// Unknown for want of slot 0; then of slot 1…
  static let firstSlot: UInt16 = 2
  /// Unknown because the window of counter 0 holds nothing; then of counter 1…
  static let firstCounter: UInt16 = 66

  @inline(__always)
  static func of(_ isTrue: Bool) -> UInt16 { isTrue ? yes : no }

  @inline(__always)
  static func missing(slot: UInt8) -> UInt16 { UInt16(slot) &+ firstSlot }
}
