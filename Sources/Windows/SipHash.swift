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
    let tail = bytes.count & ~7
    var offset = 0
    while offset < tail {
      state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset &+= 8
    }
    var last = UInt64(truncatingIfNeeded: bytes.count) &<< 56
    while offset < bytes.count {
      last |= UInt64(bytes[offset]) &<< UInt64(8 &* (offset &- tail))
      offset &+= 1
    }
    state.absorb(last)
    return state.finish()
  }

  @inlinable
  mutating func absorb(_ block: UInt64) {
    v3 ^= block
    mix(rounds: blockRounds)
    v0 ^= block
  }

  @inlinable
  mutating func finish() -> Hash128 {
    v2 ^= 0xEE
    mix(rounds: finalRounds)
    let high = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    mix(rounds: finalRounds)
    return Hash128(high: high, low: v0 ^ v1 ^ v2 ^ v3)
  }

  @inlinable
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
  static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 {
    (word &<< bits) | (word &>> (64 &- bits))
  }
}
