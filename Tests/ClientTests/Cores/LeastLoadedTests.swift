import Testing

@testable import GatehouseClient

@Suite struct LeastLoadedTests {
  @Test("none of none, the one of one")
  func small() {
    var random = SplitMix64(seed: 1)
    #expect(LeastLoaded.choose(of: 0, using: &random) { _ in 0 } == nil)
    #expect(LeastLoaded.choose(of: 1, using: &random) { _ in 99 } == 0)
  }

  @Test("the fuller of two is never chosen", arguments: Seeds.some)
  func two(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for _ in 0..<1_000 { #expect(LeastLoaded.choose(of: 2, using: &random) { [5, 4][$0] } == 1) }
  }

  @Test("unfinished calls spread to within a few of even", arguments: Seeds.some)
  func even(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var loads = [Int](repeating: 0, count: 16)
    for _ in 0..<16_000 {
      guard let index = LeastLoaded.choose(of: loads.count, using: &random, load: { loads[$0] }) else { continue }
      loads[index] += 1
    }
    // log log 16 / log 2 + O(1) with high probability (Mitzenmacher); one choice alone would stray by about 60.
    #expect(loads.allSatisfy { (990...1_010).contains($0) }, "\(loads)")
  }
}
