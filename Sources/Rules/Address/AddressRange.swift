/// A range of addresses, as `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
struct AddressRange: Hashable, Sendable {
  var first: IPAddress
  var last: IPAddress

  init(first: IPAddress, last: IPAddress) {
    (self.first, self.last) = (first, last)
  }

  /// The range that `text` spells; bits beyond the prefix must be zero.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      guard parts.count == 1 else { return nil }
      self.init(first: address, last: address)
      return
    }
    let width = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
    guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy(\.isDigit), let prefix = Int(parts[1]), prefix <= width
    else { return nil }
    let hostMask = IPAddress.hostMask(prefixLength: 128 - width + prefix)
    guard address.bits & hostMask == 0 else { return nil }
    self.init(first: address, last: IPAddress(bits: address.bits | hostMask))
  }

  /// The same addresses in as few ranges as possible, in rising order.
  static func merged(_ ranges: [AddressRange]) -> [AddressRange] {
    var merged: [AddressRange] = []
    for range in ranges.sorted(by: { $0.first.bits < $1.first.bits }) {
      if let last = merged.last, last.last.bits == .max || range.first.bits <= last.last.bits + 1 {
        merged[merged.count - 1].last.bits = max(last.last.bits, range.last.bits)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}

extension IPAddress {
  /// Ones where a prefix of `prefixLength` (0 to 128) bits leaves the host free.
  static func hostMask(prefixLength: Int) -> UInt128 {
    prefixLength == 0 ? .max : (UInt128(1) << UInt128(128 - prefixLength)) &- 1
  }

  /// The address with everything behind its prefix cleared.
  func prefix(ipv4: Int, ipv6: Int) -> IPAddress {
    IPAddress(bits: bits & ~Self.hostMask(prefixLength: isIPv4 ? 96 + ipv4 : ipv6))
  }
}
