import Testing

@testable import GatehouseClient

@Suite struct RetryBudgetTests {
  @Test("an outage gets the reserve and not one retry more")
  func outage() {
    var budget = RetryBudget(ratio: 0.1, reserve: 25)
    #expect((0..<1_000).count { _ in budget.withdraw() } == 25)
  }

  @Test("retries never exceed reserve + ratio · successes", arguments: Seeds.some)
  func amplification(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let milliRatio = Int.random(in: 0...1_000, using: &random)
    let reserve = Int.random(in: 0...50, using: &random)
    var budget = RetryBudget(ratio: Double(milliRatio) / 1_000, reserve: reserve)
    var retries = 0
    var successes = 0
    for _ in 0..<3_000 {
      if Bool.random(using: &random) {
        budget.deposit()
        successes += 1
      } else if budget.withdraw() {
        retries += 1
      }
      #expect(retries * 1_000 <= reserve * 1_000 + budget.depositMilliTokens * successes)
      #expect((0...budget.capacityMilliTokens).contains(budget.balanceMilliTokens))
    }
  }

  @Test("successes refill it up to the reserve")
  func refill() {
    var budget = RetryBudget(ratio: 0.5, reserve: 2)
    while budget.withdraw() {}
    budget.deposit()
    #expect(budget.withdraw() == false)
    budget.deposit()
    #expect(budget.withdraw() == true)
    for _ in 0..<100 { budget.deposit() }
    #expect((0..<10).count { _ in budget.withdraw() } == 2)
  }

  @Test("settings out of range are cut", arguments: [-1.0, 2.0, .nan, .infinity])
  func range(ratio: Double) {
    let budget = RetryBudget(ratio: ratio, reserve: -5)
    #expect((0...1_000).contains(budget.depositMilliTokens))
    #expect(budget.capacityMilliTokens == 0)
    #expect(RetryBudget(ratio: 0, reserve: .max).capacityMilliTokens == 1_000_000_000)
  }
}
