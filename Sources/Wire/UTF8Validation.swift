/// Whether bytes are well-formed UTF-8: no surrogates, no overlong forms, nothing above U+10FFFF.
///
/// Source: The Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences".
public enum UTF8Validation {
  @usableFromInline
  static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// Whether all of `bytes` is well-formed. ASCII is looked at eight bytes at a time.
  @inlinable
  @inline(__always)
  public static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
    return isASCII(base, bytes.count) || isWellFormed(bytes)
  }

  @inlinable
  @inline(__always)
  static func isASCII(_ base: UnsafeRawPointer, _ count: Int) -> Bool {
    var bits: UInt64 = 0
    if count >= 8 {
      // The last word overlaps the one before it rather than leaving single bytes over.
      var position = 0
      while position < count &- 8 {
        bits |= base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        position &+= 8
      }
      bits |= base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    } else if count >= 4 {
      bits = UInt64(base.loadUnaligned(as: UInt32.self))
      bits |= UInt64(base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
    } else {
      // One to three bytes: first, middle and last name them all.
      bits = UInt64(base.load(as: UInt8.self))
      bits |= UInt64(base.load(fromByteOffset: count >> 1, as: UInt8.self))
      bits |= UInt64(base.load(fromByteOffset: count &- 1, as: UInt8.self))
    }
    return bits & highBits == 0
  }

  @usableFromInline
  static func isWellFormed(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while position < bytes.count {
      let first = bytes[position]
      guard first >= 0x80 else {
        position += 1
        continue
      }
      guard let (length, second) = sequence(startingWith: first), bytes.count - position >= length,
        second.contains(bytes[position + 1]),
        bytes[(position + 2)..<(position + max(2, length))].allSatisfy({ $0 & 0xc0 == 0x80 })
      else { return false }
      position += length
    }
    return true
  }

  /// How long a sequence with this first byte is, and what its second byte may be.
  private static func sequence(startingWith first: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch first {
    case 0xc2...0xdf: (2, 0x80...0xbf)
    case 0xe0: (3, 0xa0...0xbf)
    case 0xe1...0xec, 0xee...0xef: (3, 0x80...0xbf)
    case 0xed: (3, 0x80...0x9f)
    case 0xf0: (4, 0x90...0xbf)
    case 0xf1...0xf3: (4, 0x80...0xbf)
    case 0xf4: (4, 0x80...0x8f)
    default: nil
    }
  }
}
