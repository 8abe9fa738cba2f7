/// A 128-bit keyed hash of a group's fields (of a card, of a customer and a country…), and all that a window table
/// knows of its key. Two different keys meet by chance once in 2⁶⁴ keys, and by intent only for who knows the hasher's
/// secret.
///
/// `high` places the key in its window table; choose shards by `low`, so that the two choices are independent.
@frozen
public struct Hash128: Hashable, Sendable {
  public var high: UInt64
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Which of `count` shards the key belongs to: by its low half, as its high half places it within a table.
  @inlinable
  @inline(__always)
  public func shard(of count: Int) -> Int {
    Int(truncatingIfNeeded: low.multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)
  }

  /// The key of a group by several fields: depends on each hash and on their order.
  ///
  /// A fixed permutation of `self` (two Feistel rounds), added to `next`. Both halves stay uniform, as the hashes are;
  /// that nobody can aim for a collision rests on nobody knowing the hashes, which the secret of `KeyHasher` sees to.
  /// Cost: 5 to 10 ns.
  @inlinable
  public func combined(with next: Hash128) -> Hash128 {
    let left = high ^ Self.mix(low ^ 0x9E37_79B9_7F4A_7C15)
    let right = low ^ Self.mix(left ^ 0xD1B5_4A32_D192_ED03)
    return Hash128(high: left &+ next.high, low: right &+ next.low)
  }

  /// Stafford's thirteenth variant of MurmurHash3's finaliser: every input bit flips every output bit half the time.
  @inlinable
  static func mix(_ input: UInt64) -> UInt64 {
    var word = input
    word = (word ^ (word &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word &>> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word &>> 31)
  }
}

extension Hash128: Comparable {
  /// As one 128-bit number: the order in which a window table keeps its keys.
  @inlinable
  public static func < (left: Hash128, right: Hash128) -> Bool {
    left.high < right.high || (left.high == right.high && left.low < right.low)
  }
}
