/// SipHash with 128-bit output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012), the rounds a block and
/// the rounds at the end being parameters: 1 and 3 in use, 2 and 4 in the published test vectors.
@frozen
public struct SipHash<let blockRounds: Int, let finalRounds: Int>: Sendable {
  @usableFromInline var v0: UInt64
  @usableFromInline var v1: UInt64
  @usableFromInline var v2: UInt64
  @usableFromInline var v3: UInt64

  @inlinable
  init(key0: UInt64, key1: UInt64) {
    v0 = key0 ^ 0x736F_6D65_7073_6575
    v1 = key1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE
    v2 = key0 ^ 0x6C79_6765_6E65_7261
    v3 = key1 ^ 0x7465_6462_7974_6573
  }

  /// The hash of `bytes` under a 128-bit key: the first eight bytes of the digest, read little-endian, are `high`.
  @inlinable
  public static func hash(_ bytes: UnsafeRawBufferPointer, key0: UInt64, key1: UInt64) -> Hash128 {
    var state = SipHash(key0: key0, key1: key1)
    state.absorb(bytes)
    let high = state.finish()
    return Hash128(high: high, low: state.finishAgain())
  }

  /// `high` of `hash` for a quarter less.
  @inlinable
  public static func firstHalf(_ bytes: UnsafeRawBufferPointer, key0: UInt64, key1: UInt64) -> UInt64 {
    var state = SipHash(key0: key0, key1: key1)
    state.absorb(bytes)
    return state.finish()
  }

  /// The number of bytes in the highest byte, below it the up to seven behind the last whole block.
  @inlinable
  @inline(__always)
  static func lastBlock(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    UInt64(truncatingIfNeeded: bytes.count) &<< 56 | rest(of: bytes)
  }

  @inlinable
  @inline(__always)
  mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
    let tail = bytes.count & ~7
    var offset = 0
    while offset < tail {
      absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset &+= 8
    }
    absorb(Self.lastBlock(of: bytes))
  }

  /// The up to seven bytes behind the last whole block, as a little-endian number. Loads overlap instead of going byte by
  /// byte, and stay within `bytes`.
  @inlinable
  @inline(__always)
  static func rest(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    let left = UInt64(truncatingIfNeeded: count & 7)
    if count >= 8 {
      let last = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
      return (last &>> 8) &>> (56 &- 8 &* left)  // in two steps: a shift by 64 is none
    }
    if count >= 4 {
      let low = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
      let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      return UInt64(low) | (UInt64(high) &<< (8 &* left &- 32))
    }
    if count == 0 { return 0 }
    let middle = count &>> 1
    let (first, last) = (UInt64(bytes[0]), UInt64(bytes[count &- 1]))
    return first | UInt64(bytes[middle]) &<< UInt64(truncatingIfNeeded: 8 &* middle) | last &<< (8 &* left &- 8)
  }

  @inlinable
  @inline(__always)
  mutating func absorb(_ block: UInt64) {
    v3 ^= block
    mix(rounds: blockRounds)
    v0 ^= block
  }

  @inlinable
  @inline(__always)
  mutating func finish() -> UInt64 {
    v2 ^= 0xEE
    mix(rounds: finalRounds)
    return v0 ^ v1 ^ v2 ^ v3
  }

  /// The digest's second half, after the first.
  @inlinable
  @inline(__always)
  mutating func finishAgain() -> UInt64 {
    v1 ^= 0xDD
    mix(rounds: finalRounds)
    return v0 ^ v1 ^ v2 ^ v3
  }

  @inlinable
  @inline(__always)
  mutating func mix(rounds: Int) {
    for _ in 0..<rounds {
      v0 &+= v1
      v2 &+= v3
      v1 = Self.rotate(v1, 13) ^ v0
      v3 = Self.rotate(v3, 16) ^ v2
      v0 = Self.rotate(v0, 32)
      v2 &+= v1
      v0 &+= v3
      v1 = Self.rotate(v1, 17) ^ v2
      v3 = Self.rotate(v3, 21) ^ v0
      v2 = Self.rotate(v2, 32)
    }
  }

  @inlinable
  @inline(__always)
  static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
    (word &<< bits) | (word &>> (64 &- bits))
  }
}
