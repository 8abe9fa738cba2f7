import Glibc

extension UnsafeRawBufferPointer {
  @inline(__always)
  func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard count > 0, let base = baseAddress, let otherBase = other.baseAddress else { return true }
    if count >= 4, count <= 8 {  // most names: quicker than a call
      let last = count &- 4
      return base.loadUnaligned(as: UInt32.self) == otherBase.loadUnaligned(as: UInt32.self)
        && base.loadUnaligned(fromByteOffset: last, as: UInt32.self)
          == otherBase.loadUnaligned(fromByteOffset: last, as: UInt32.self)
    }
    return memcmp(base, otherBase, count) == 0
  }

  func hasPrefix(_ prefix: UnsafeRawBufferPointer) -> Bool {
    count >= prefix.count && UnsafeRawBufferPointer(rebasing: self[..<prefix.count]).hasSameBytes(as: prefix)
  }

  func hasSuffix(_ suffix: UnsafeRawBufferPointer) -> Bool {
    count >= suffix.count && UnsafeRawBufferPointer(rebasing: self[(count - suffix.count)...]).hasSameBytes(as: suffix)
  }

  /// What follows the last `@`; empty when there is none.
  var afterLastAt: UnsafeRawBufferPointer {
    var offset = count
    while offset > 0 {
      if self[offset &- 1] == UInt8(ascii: "@") { return UnsafeRawBufferPointer(rebasing: self[offset...]) }
      offset &-= 1
    }
    return UnsafeRawBufferPointer(start: nil, count: 0)
  }
}
