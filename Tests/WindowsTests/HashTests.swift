import Testing

import Windows

@Suite("Key hashes")
struct HashTests {
  static let key0: UInt64 = 0x0706_0504_0302_0100
  static let key1: UInt64 = 0x0F0E_0D0C_0B0A_0908

  @Test("SipHash-2-4-128 gives the published digests", arguments: 0..<SipHashVectors.digests.count)
  func publishedDigests(length: Int) {
    let message = (0..<length).map { UInt8($0) }
    let hash = message.withUnsafeBytes { SipHash<2, 4>.hash($0, key0: Self.key0, key1: Self.key1) }
    #expect(hex(hash) == SipHashVectors.digests[length])
  }

  @Test("the hasher is SipHash-1-3, which differs from 2-4")
  func rounds() {
    let message: [UInt8] = [1, 2, 3]
    let hasher = KeyHasher(key0: Self.key0, key1: Self.key1)
    let hash = message.withUnsafeBytes { hasher.hash($0) }
    #expect(hash == message.withUnsafeBytes { SipHash<1, 3>.hash($0, key0: Self.key0, key1: Self.key1) })
    #expect(hash != message.withUnsafeBytes { SipHash<2, 4>.hash($0, key0: Self.key0, key1: Self.key1) })
  }

  @Test("up to seven bytes are their own fingerprint, longer ones have the first half of their hash")
  func fingerprints() {
    let hasher = KeyHasher(key0: Self.key0, key1: Self.key1)
    let message = (0..<40).map { UInt8($0 % 3) }
    var seen: Set<UInt64> = []
    for length in 0...message.count {
      for start in 0...message.count - length where start < 3 {
        let bytes = Array(message[start..<start + length])
        let fingerprint = bytes.withUnsafeBytes { hasher.fingerprint($0) }
        let ownNumber = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } | UInt64(length & 0xFF) << 56
        #expect(fingerprint == (length < 8 ? ownNumber : bytes.withUnsafeBytes { hasher.hash($0).high }))
        #expect(seen.insert(fingerprint).inserted || length == 0)
      }
    }
  }

  @Test("bytes hash alike wherever they lie")
  func alignment() {
    let message = (0..<64).map { UInt8($0) }
    let hasher = KeyHasher(key0: 1, key1: 2)
    for offset in 0..<8 {
      let moved = [UInt8](repeating: 0xAA, count: offset) + message
      let hash = moved.withUnsafeBytes { hasher.hash(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      #expect(hash == message.withUnsafeBytes { hasher.hash($0) })
    }
  }

  @Test("every bit of message and secret matters")
  func bitFlips() {
    let message = (0..<20).map { UInt8($0) }
    var seen: Set<Hash128> = [hash(message, 5, 6), hash(message, 5 ^ 1, 6), hash(message, 5, 6 ^ 1)]
    #expect(seen.count == 3)
    for bit in 0..<message.count * 8 {
      var flipped = message
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(seen.insert(hash(flipped, 5, 6)).inserted)
    }
  }

  @Test("a combined key depends on each hash, on their order and on their number")
  func combining() {
    let first = hash([1], 7, 8)
    let second = hash([2], 7, 8)
    let third = hash([3], 7, 8)
    let keys = [
      first, second, first.combined(with: second), second.combined(with: first), first.combined(with: first),
      first.combined(with: second).combined(with: third), first.combined(with: third).combined(with: second),
      first.combined(with: second.combined(with: third)),
    ]
    #expect(Set(keys).count == keys.count)
  }

  @Test("combined keys spread over all bits")
  func combinedSpread() {
    var ones = [Int](repeating: 0, count: 128)
    let rounds = 4_000
    let fixed = hash([9], 1, 2)
    for index in 0..<rounds {
      let key = hash([UInt8(index & 255), UInt8(index >> 8)], 1, 2).combined(with: fixed)
      for bit in 0..<64 {
        ones[bit] += Int(key.low >> UInt64(bit) & 1)
        ones[64 + bit] += Int(key.high >> UInt64(bit) & 1)
      }
    }
    // Six standard deviations of a fair coin tossed 4,000 times are 190.
    #expect(ones.allSatisfy { abs($0 - rounds / 2) < 190 })
  }

  func hash(_ message: [UInt8], _ key0: UInt64, _ key1: UInt64) -> Hash128 {
    message.withUnsafeBytes { KeyHasher(key0: key0, key1: key1).hash($0) }
  }

  func hex(_ hash: Hash128) -> String {
    let bytes = [hash.high, hash.low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    return bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
