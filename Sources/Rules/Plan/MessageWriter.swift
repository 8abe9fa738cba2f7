/// Appends to a buffer what fits, without an allocation.
struct MessageWriter {
  private let buffer: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

  mutating func append(_ byte: UInt8) {
    guard count < buffer.count else { return }
    buffer[count] = byte
    count += 1
  }

  /// A text, cut between characters where the buffer ends.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    var length = min(bytes.count, buffer.count - count)
    if length < bytes.count {
      while length > 0, bytes[length] & 0xC0 == 0x80 { length -= 1 }
    }
    UnsafeMutableRawBufferPointer(rebasing: buffer[count..<count + length])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    count += length
  }

  mutating func appendUnknown() { append(UInt8(ascii: "?")) }

  /// A whole number in decimal, with a point before the last `fractionDigits` digits.
  mutating func append(number value: Int64, fractionDigits: Int = 0) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var divisor: UInt64 = 1
    var digits = 1
    while digits <= fractionDigits || value.magnitude / divisor >= 10 {
      divisor *= 10
      digits += 1
    }
    while digits > 0 {
      if digits == fractionDigits { append(UInt8(ascii: ".")) }
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value.magnitude / divisor % 10))
      divisor /= 10
      digits -= 1
    }
  }

  /// `12.34 USD`.
  mutating func append(_ minorUnits: Int64, currency: UnsafeRawBufferPointer) {
    guard currency.count == 3 else { return append(number: minorUnits) }
    append(number: minorUnits, fractionDigits: Currency.fractionDigits(currency[0], currency[1], currency[2]))
    append(UInt8(ascii: " "))
    append(currency)
  }

  /// A duration in its largest unit that leaves a whole number of at least 1: `90s`, `2h`.
  mutating func append(seconds: Int64) {
    let units: (Int64, UInt8) =
      switch seconds {
      case 172_800...: (86_400, UInt8(ascii: "d"))
      case 7_200...: (3_600, UInt8(ascii: "h"))
      case 120...: (60, UInt8(ascii: "m"))
      default: (1, UInt8(ascii: "s"))
      }
    append(number: max(0, seconds) / units.0)
    append(units.1)
  }
}
