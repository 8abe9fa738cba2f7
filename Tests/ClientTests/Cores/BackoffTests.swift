import Testing

@testable import GatehouseClient

@Suite struct BackoffTests {
  @Test("every wait lies between zero and the doubled, capped base", arguments: Seeds.some)
  func bounds(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let backoff = Backoff(base: .milliseconds(10), cap: .seconds(1))
    for attempt in 0..<200 {
      let ceiling = backoff.ceilingNanoseconds(attempt: attempt)
      #expect(ceiling == (attempt < 7 ? 10_000_000 << Int64(attempt) : 1_000_000_000))
      #expect((0...ceiling).contains(backoff.delayNanoseconds(attempt: attempt, using: &random)))
    }
  }

  @Test("the jitter is full: waits spread over the whole interval", arguments: Seeds.some)
  func spread(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let backoff = Backoff(base: .seconds(1), cap: .seconds(1))
    var tenths = [Int](repeating: 0, count: 10)
    for _ in 0..<10_000 {
      let delay = backoff.delayNanoseconds(attempt: 0, using: &random)
      tenths[min(Int(delay / 100_000_000), 9)] += 1
    }
    // Each tenth expects 1,000 with a deviation of 30; six of those are beyond chance.
    #expect(tenths.allSatisfy { (820...1_180).contains($0) }, "\(tenths)")
  }

  @Test("absurd settings and attempts overflow nothing")
  func extremes() {
    var random = SplitMix64(seed: 1)
    let century = Backoff(base: .seconds(Int64.max), cap: .seconds(Int64.max))
    #expect(century.delayNanoseconds(attempt: .max, using: &random) >= 0)
    #expect(Backoff(base: .seconds(-1), cap: .seconds(1)).ceilingNanoseconds(attempt: 70) == 0)
    #expect(Backoff(base: .seconds(1), cap: .seconds(-1)).ceilingNanoseconds(attempt: 3) == 0)
    #expect(Backoff(base: .seconds(1), cap: .seconds(9)).ceilingNanoseconds(attempt: -5) == 1_000_000_000)
  }
}
