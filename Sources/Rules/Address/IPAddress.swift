/// An IPv4 or IPv6 address as one 128-bit number; IPv4 in its mapped form `::ffff:a.b.c.d` (RFC 4291, 2.5.5.2), so that
/// both spellings of one address are equal.
struct IPAddress: Hashable, Sendable {
  var bits: UInt128

  /// The 96 bits that stand before an IPv4 address.
  static let mappedPrefix = UInt128(0xFFFF) << 32

  init(bits: UInt128) { self.bits = bits }

  var isIPv4: Bool { bits >> 32 == 0xFFFF }

  /// The address that `bytes` spell (dotted decimal without leading zeros, or RFC 4291, 2.2, without a zone), if any.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 2, bytes.count <= 45 else { return nil }
    if let value = Self.ipv4(bytes, from: 0) {
      bits = Self.mappedPrefix | UInt128(value)
    } else if let value = Self.ipv6(bytes) {
      bits = value
    } else {
      return nil
    }
  }

  init?(_ text: String) {
    var text = text
    guard let address = text.withUTF8({ IPAddress(UnsafeRawBufferPointer($0)) }) else { return nil }
    self = address
  }

  /// Four numbers with dots in between: read from a copy with zeros behind, so that no step must ask whether the text is
  /// over.
  private static func ipv4(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt32? {
    let count = bytes.count &- start
    guard count >= 7, count <= 15, let text = bytes.baseAddress else { return nil }
    var padded = (UInt64(0), UInt64(0))
    return withUnsafeMutableBytes(of: &padded) { copy in
      guard let first = copy.baseAddress else { return nil }
      first.copyMemory(from: text + start, byteCount: count)
      var next = UnsafeRawPointer(first)
      var address: UInt32 = 0
      for index in 0..<4 {
        if index > 0 {
          guard next.load(as: UInt8.self) == UInt8(ascii: ".") else { return nil }
          next += 1
        }
        guard let octet = octet(&next) else { return nil }
        address = address &<< 8 | octet
      }
      return next == first + count ? address : nil
    }
  }

  /// One to three digits, 0 to 255 without leading zeros; moves `next` behind them.
  @inline(__always)
  private static func octet(_ next: inout UnsafeRawPointer) -> UInt32? {
    let first = digit(next)
    let second = digit(next + 1)
    guard first <= 9 else { return nil }
    guard second <= 9 else {
      next += 1
      return first
    }
    guard first != 0 else { return nil }
    let two = first &* 10 &+ second
    let third = digit(next + 2)
    guard third <= 9 else {
      next += 2
      return two
    }
    next += 3
    let three = two &* 10 &+ third
    return three <= 255 ? three : nil
  }

  /// Above 9 for what is no digit.
  @inline(__always)
  private static func digit(_ place: UnsafeRawPointer) -> UInt32 {
    UInt32(place.load(as: UInt8.self)) &- UInt32(UInt8(ascii: "0"))
  }

  private static func ipv6(_ bytes: UnsafeRawBufferPointer) -> UInt128? {
    var head: UInt128 = 0  // the groups read so far
    var groups = 0
    var gap = -1  // how many groups stand before `::`
    var offset = 0
    if bytes[0] == UInt8(ascii: ":") {
      guard bytes[1] == UInt8(ascii: ":") else { return nil }
      (gap, offset) = (0, 2)
    }
    while offset < bytes.count {
      guard groups < 8, let (group, next) = group(bytes, offset) else { return nil }
      if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
        guard groups <= 6, let tail = ipv4(bytes, from: offset) else { return nil }
        (head, groups, offset) = (head << 32 | UInt128(tail), groups &+ 2, bytes.count)
        break
      }
      (head, groups, offset) = (head << 16 | UInt128(group), groups &+ 1, next)
      if offset == bytes.count { break }
      guard bytes[offset] == UInt8(ascii: ":"), offset &+ 1 < bytes.count else { return nil }
      offset &+= 1
      if bytes[offset] == UInt8(ascii: ":") {
        guard gap < 0 else { return nil }
        (gap, offset) = (groups, offset &+ 1)
      }
    }
    if gap < 0 { return groups == 8 ? head : nil }
    guard groups < 8 else { return nil }
    let tailBits = UInt128((groups &- gap) &* 16)
    let tail = head & ((1 << tailBits) &- 1)
    let front = tailBits == 128 ? 0 : head >> tailBits
    return (gap == 0 ? 0 : front << UInt128((8 &- gap) &* 16)) | tail
  }

  /// One to four hexadecimal digits from `start`, and where they end.
  private static func group(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> (value: UInt16, next: Int)? {
    var value: UInt16 = 0
    var offset = start
    while offset < bytes.count, offset &- start < 4, let digit = bytes[offset].hexadecimalValue {
      value = value << 4 | UInt16(digit)
      offset &+= 1
    }
    return offset > start ? (value, offset) : nil
  }
}

extension UInt8 {
  var hexadecimalValue: UInt8? {
    if isDigit { return self &- UInt8(ascii: "0") }
    let lower = self | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "f") ? lower &- UInt8(ascii: "a") &+ 10 : nil
  }
}
