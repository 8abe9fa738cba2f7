import Windows

/// Tells whether two activities are the same content: NH, the universal hash of UMAC, then a multiply-shift to 64 bits.
///
/// The content is taken as little-endian words m₀, m₁, …, of which every pair gives one product under secret words k₀, k₁, …:
///
///     NH = Σ (m₂ᵢ + k₂ᵢ mod 2⁶⁴) · (m₂ᵢ₊₁ + k₂ᵢ₊₁ mod 2⁶⁴) + length   mod 2¹²⁸
///
/// The last pair overlaps the one before it rather than going byte by byte. For any two contents chosen without
/// knowledge of the secret the chance to agree is below 2⁻⁶². An id names one content, so nobody gains from more: SipHash,
/// which this replaces, guards the ids and keys, and costs five times as much.
///
/// Sources: Black, Halevi, Krawczyk, Krovetz and Rogaway, "UMAC: Fast and Secure Message Authentication", CRYPTO 1999
/// (NH, theorem 4); Dietzfelbinger, "Universal Hashing and k-wise Independent Random Variables via Integer Arithmetic
/// without Primes", STACS 1996 (the last step).
///
/// `@unchecked Sendable`: written by `init` alone.
final class ContentHash: @unchecked Sendable {
  /// One for every word of the longest activity.
  private static let wordCount = ActivityCheck.maxActivityBytes / 8
  private let words: UnsafeMutablePointer<UInt64>
  private let highFactor: UInt128
  private let lowFactor: UInt128
  private let hasher: KeyHasher

  /// - Parameter hasher: knows the secret, from which the words are drawn.
  init(_ hasher: KeyHasher) {
    func draw(_ number: Int) -> Hash128 {
      [UInt64(0x746E_6574_6E6F_63), UInt64(number)].withUnsafeBytes { hasher.hash($0) }
    }
    self.hasher = hasher
    words = .allocate(capacity: Self.wordCount)
    for pair in 0..<Self.wordCount / 2 {
      let drawn = draw(pair)
      (words + 2 * pair).initialize(to: drawn.high)
      (words + 2 * pair + 1).initialize(to: drawn.low)
    }
    let (high, low) = (draw(Self.wordCount), draw(Self.wordCount + 1))
    highFactor = UInt128(_low: high.low, _high: high.high)
    lowFactor = UInt128(_low: low.low, _high: low.high)
  }

  deinit { words.deallocate() }

  func hash(_ content: UnsafeRawBufferPointer) -> UInt64 {
    guard let base = content.baseAddress, content.count >= 16, content.count <= ActivityCheck.maxActivityBytes else {
      return hasher.hash(content).low
    }
    var sum = UInt128(truncatingIfNeeded: content.count)
    var keys = UnsafePointer(words)
    var next = base
    let last = base + content.count - 16
    while next < last {
      sum &+= product(next, keys)
      next += 16
      keys += 2
    }
    sum &+= product(last, keys)
    return shortened(sum)
  }

  /// Multiply-shift.
  private func shortened(_ sum: UInt128) -> UInt64 {
    let product = highFactor &* UInt128(sum._high) &+ lowFactor &* UInt128(sum._low)
    return product._high
  }

  /// The product of sixteen bytes.
  @inline(__always)
  private func product(_ pair: UnsafeRawPointer, _ keys: UnsafePointer<UInt64>) -> UInt128 {
    let first = UInt64(littleEndian: pair.loadUnaligned(as: UInt64.self)) &+ keys[0]
    let second = UInt64(littleEndian: pair.loadUnaligned(fromByteOffset: 8, as: UInt64.self)) &+ keys[1]
    let (high, low) = first.multipliedFullWidth(by: second)
    return UInt128(_low: low, _high: high)
  }
}
