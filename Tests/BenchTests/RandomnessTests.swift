import Foundation
import Testing

@testable import Bench

@Suite("What is drawn")
struct RandomnessTests {
  @Test("SplitMix64 gives the reference implementation's numbers")
  func splitMix() {
    var random = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
      16_408_922_859_458_223_821,
    ]
    #expect((0..<5).map { _ in random.next() } == expected)
  }

  @Test("Zipf's ranks come as often as the law says", arguments: [0.3, 0.99, 1, 1.2, 2.5])
  func zipfFrequencies(exponent: Double) {
    let ranks: UInt64 = 30
    let draws = 200_000.0
    let zipf = ZipfDistribution(count: ranks, exponent: exponent)
    var random = SplitMix64(seed: 7)
    var counts = [Double](repeating: 0, count: Int(ranks) + 1)
    for _ in 0..<Int(draws) { counts[Int(zipf.next(using: &random))] += 1 }
    let weights = (1...ranks).map { pow(Double($0), -exponent) }
    let sum = weights.reduce(0, +)
    // Pearson's statistic over ranks with enough expected draws; 99.99 % of 29 degrees of freedom lie below 65.
    let statistic = zip(1...Int(ranks), weights).reduce(0.0) { statistic, pair in
      let expected = pair.1 / sum * draws
      return expected < 5 ? statistic : statistic + pow(counts[pair.0] - expected, 2) / expected
    }
    #expect(counts[0] == 0)
    #expect(statistic < 65, "exponent \(exponent)")
  }

  @Test("Zipf's ranks stay in range and favour the first, over a hundred million keys")
  func zipfRange() {
    let zipf = ZipfDistribution(count: 100_000_000, exponent: 0.99)
    var random = SplitMix64(seed: 3)
    let ranks = (0..<50_000).map { _ in zipf.next(using: &random) }
    #expect(ranks.allSatisfy { (1...100_000_000).contains($0) })
    // 1 / H(10⁸, 0.99) = 4.7 %; a Monte Carlo error of 0.1 % is allowed for thrice.
    let share = Double(ranks.count { $0 == 1 }) / Double(ranks.count)
    #expect(abs(share - 0.047) < 0.004)
  }

  @Test("one rank is always the first")
  func zipfOfOne() {
    var random = SplitMix64(seed: 1)
    let zipf = ZipfDistribution(count: 1, exponent: 1)
    #expect((0..<1_000).allSatisfy { _ in zipf.next(using: &random) == 1 })
  }

  @Test("uniform keys come all, and as often as one another")
  func uniform() {
    let keys = KeyDistribution(count: 10, zipf: nil)
    var random = SplitMix64(seed: 5)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<100_000 { counts[Int(keys.next(using: &random))] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
  }

  @Test("a mix makes each call as often as its weight says")
  func mix() throws {
    let mix = try CallMix("evaluate=8,record=1,health=1")
    var random = SplitMix64(seed: 5)
    var counts = [0, 0, 0]
    for _ in 0..<100_000 { counts[mix.nextIndex(using: &random)] += 1 }
    #expect(abs(counts[0] - 80_000) < 800)
    #expect(abs(counts[1] - 10_000) < 600)
  }
}
