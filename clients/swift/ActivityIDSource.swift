/// Makes the idempotency ids of activities that came without one.
///
/// An id is a ULID: 26 characters of Crockford's base 32, the first ten a Unix time in milliseconds (48 bits), the
/// other sixteen 80 bits that start at a random value and rise by one with every id. So ids of one source never repeat,
/// however fast they are made or however the clock jumps, until 2⁸⁰ were made; two sources collide only if they meet in
/// the same millisecond at the same 80 bits. Ids need not be secret, so the generator is asked once and not for every
/// id. Source: https://github.com/ulid/spec
struct ActivityIDSource: Sendable {
  static let lengthBytes = 26
  /// The largest time that 48 bits hold.
  static let latestMilliseconds: Int64 = (1 << 48) - 1

  private var high: UInt16
  private var low: UInt64

  /// Starts at 80 bits of `random`.
  init(using random: inout some RandomNumberGenerator) {
    high = random.next()
    low = random.next()
  }

  /// Starts at the 80 bits given.
  init(high: UInt16, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The next id, stamped with `milliseconds` of Unix time; a time outside 48 bits is cut to the nearer end.
  mutating func next(at milliseconds: Int64) -> String {
    let time = UInt64(min(max(milliseconds, 0), Self.latestMilliseconds))
    let (high, low) = (self.high, self.low)
    let (sum, overflow) = low.addingReportingOverflow(1)
    self.low = sum
    if overflow { self.high &+= 1 }
    return String(unsafeUninitializedCapacity: Self.lengthBytes) { bytes in
      Self.write(time: time, high: high, low: low, to: bytes)
      return Self.lengthBytes
    }
  }

  /// Ten characters of time, then sixteen of the 80 bits, the most significant first.
  private static func write(time: UInt64, high: UInt16, low: UInt64, to bytes: UnsafeMutableBufferPointer<UInt8>) {
    var rest = time
    for position in stride(from: 9, through: 0, by: -1) {
      bytes[position] = digit(rest)
      rest >>= 5
    }
    // The lowest 60 bits are twelve digits; the 4 bits left of `low` join the 16 of `high` as the four before them.
    rest = low
    for position in stride(from: 25, through: 14, by: -1) {
      bytes[position] = digit(rest)
      rest >>= 5
    }
    rest |= UInt64(high) << 4
    for position in stride(from: 13, through: 10, by: -1) {
      bytes[position] = digit(rest)
      rest >>= 5
    }
  }

  /// Crockford's digit of the lowest five bits: 0–9 and the capital letters without I, L, O and U.
  private static func digit(_ value: UInt64) -> UInt8 {
    switch UInt8(truncatingIfNeeded: value & 31) {
    case let number where number < 10: number + 0x30
    case let number where number < 18: number - 10 + UInt8(ascii: "A")
    case let number where number < 20: number - 18 + UInt8(ascii: "J")
    case let number where number < 22: number - 20 + UInt8(ascii: "M")
    case let number where number < 27: number - 22 + UInt8(ascii: "P")
    case let number: number - 27 + UInt8(ascii: "V")
    }
  }
}
