/// Numbers as eight ASCII digits in one register, the first digit in the lowest byte: no loop, no branch.
///
/// The machine stores the lowest byte first (little-endian, as all of Swift's Linux platforms are), so that storing the
/// register writes the digits in reading order.
enum Digits {
  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// Eight decimal digits; `number` is below 10⁸. Halves, then quarters, then single digits, by multiplying with
  /// reciprocals: ÷100 as ×10486 >> 20 (exact below 10,000), ÷10 as ×103 >> 10 (exact below 100).
  static func decimal(_ number: UInt64) -> UInt64 {
    let halves = (number / 10_000) | (number % 10_000) << 32
    let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007F_0000_007F
    let pairs = hundreds | (halves &- 100 &* hundreds) << 16
    let tens = ((pairs &* 103) >> 10) & 0x000F_000F_000F_000F
    return (tens | (pairs &- 10 &* tens) << 8) | zeros
  }

  /// Eight lower-case hexadecimal digits.
  static func hexadecimal(_ number: UInt32) -> UInt64 {
    var nibbles = UInt64(number.byteSwapped)
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = ((nibbles >> 4) | nibbles << 8) & 0x0F0F_0F0F_0F0F_0F0F
    // A digit above 9 carries into the fifth bit when 6 is added; letters stand 39 further than digits.
    let letters = ((nibbles &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
    return nibbles &+ zeros &+ letters &* 39
  }
}
