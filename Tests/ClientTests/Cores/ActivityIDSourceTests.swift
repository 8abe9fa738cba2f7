import Testing

@testable import GatehouseClient

@Suite struct ActivityIDSourceTests {
  /// Crockford's digits in the order of their values, as the specification prints them.
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

  /// The number that an id's characters are, most significant first: the specification read literally.
  private func decode(_ characters: Substring) -> UInt128? {
    var value: UInt128 = 0
    for character in characters {
      guard let digit = Self.digits.firstIndex(of: character) else { return nil }
      value = value * 32 + UInt128(digit)
    }
    return value
  }

  @Test("an id spells its time and its 80 bits", arguments: Seeds.some)
  func spelling(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      let high = UInt16.random(in: .min ... .max, using: &random)
      let low = UInt64.random(in: .min ... .max, using: &random)
      let time = Int64.random(in: 0...ActivityIDSource.latestMilliseconds, using: &random)
      var source = ActivityIDSource(high: high, low: low)
      let id = source.next(at: time)
      #expect(id.utf8.count == 26)
      #expect(decode(id.prefix(10)) == UInt128(time))
      #expect(decode(id.suffix(16)) == UInt128(high) << 64 | UInt128(low))
    }
  }

  @Test("the specification's own example")
  func example() {
    var source = ActivityIDSource(high: 0, low: 0)
    #expect(source.next(at: 1_469_918_176_385).hasPrefix("01ARYZ6S41"))
  }

  @Test("ids of one source differ, rise, and carry over", arguments: Seeds.some)
  func unique(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var source = ActivityIDSource(using: &random)
    let ids = (0..<10_000).map { _ in source.next(at: 1_700_000_000_000) }
    #expect(Set(ids).count == ids.count)
    var edge = ActivityIDSource(high: 7, low: .max)
    #expect(decode(edge.next(at: 0).suffix(16)) == UInt128(7) << 64 | UInt128(UInt64.max))
    #expect(decode(edge.next(at: 0).suffix(16)) == UInt128(8) << 64)
  }

  @Test("a clock outside 48 bits is cut")
  func clock() {
    var source = ActivityIDSource(high: 0, low: 0)
    #expect(source.next(at: -1).hasPrefix("0000000000"))
    #expect(source.next(at: .max).hasPrefix("7ZZZZZZZZZ"))
  }
}
