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

  private static func ipv4(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt32? {
    var address: UInt32 = 0
    var offset = start
    var dots = 0
    while let octet = octet(bytes, &offset) {
      address = address << 8 | octet
      if dots == 3 { return offset == bytes.count ? address : nil }
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: ".") else { return nil }
      offset &+= 1
      dots &+= 1
    }
    return nil
  }

  /// One to three digits from `offset` on, 0 to 255 without leading zeros; moves `offset` behind them.
  @inline(__always)
  private static func octet(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> UInt32? {
    guard let first = digit(bytes, offset) else { return nil }
    offset &+= 1
    guard let second = digit(bytes, offset) else { return first }
    offset &+= 1
    guard first != 0 else { return nil }
    let two = first &* 10 &+ second
    guard let third = digit(bytes, offset) else { return two }
    offset &+= 1
    let three = two &* 10 &+ third
    return three <= 255 ? three : nil
  }

  @inline(__always)
  private static func digit(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32? {
    guard offset < bytes.count else { return nil }
    let digit = UInt32(bytes[offset]) &- UInt32(UInt8(ascii: "0"))
    return digit <= 9 ? digit : nil
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
