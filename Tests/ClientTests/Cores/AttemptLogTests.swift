import Testing
import Wire

@testable import GatehouseClient

@Suite struct AttemptLogTests {
  private var random = SplitMix64(seed: 9)
  private var budget = RetryBudget(ratio: 0, reserve: 10)
  private let policy = RetryPolicy(attempts: 3, backoff: Backoff(base: .milliseconds(4), cap: .milliseconds(4)))

  private mutating func decide(
    _ log: inout AttemptLog, _ error: RPCError, idempotent: Bool = true, remaining: Int64 = 1_000_000_000
  ) -> AttemptLog.Decision {
    log.failed(
      with: error, idempotent: idempotent, remainingNanoseconds: remaining, policy: policy, budget: &budget,
      using: &random)
  }

  @Test("a call that was never started is sent again though it is not idempotent, and costs no token")
  mutating func neverStarted() {
    var log = AttemptLog()
    let error = RPCError(.unavailable, "going away", neverStarted: true)
    let full = budget.balanceMilliTokens
    #expect(decide(&log, error, idempotent: false) == .resend)
    #expect(decide(&log, error, idempotent: false) == .resend)
    #expect(decide(&log, error, idempotent: false) == .giveUp(.attemptsUsed))
    #expect(budget.balanceMilliTokens == full)
    #expect(log.attempts == 0)
  }

  @Test("a call that may have been carried out is repeated only if it is idempotent")
  mutating func idempotence() {
    var log = AttemptLog()
    #expect(decide(&log, RPCError(.unavailable, ""), idempotent: false) == .giveUp(.notIdempotent))
    log = AttemptLog()
    guard case .retry(let wait) = decide(&log, RPCError(.unavailable, "")) else {
      Issue.record("not retried")
      return
    }
    #expect((0...4_000_000).contains(wait))
  }

  @Test("only statuses that may end otherwise are retried", arguments: StatusCode.allCases)
  mutating func statuses(code: StatusCode) {
    var log = AttemptLog()
    let decision = decide(&log, RPCError(code, ""))
    switch code {
    case .unavailable, .resourceExhausted, .aborted, .internal, .unknown:
      if case .retry = decision {} else { Issue.record("\(code) led to \(decision)") }
    default: #expect(decision == .giveUp(.notRetryable))
    }
  }

  @Test("the server's push-back is the least wait, and never means never")
  mutating func pushBack() {
    var log = AttemptLog()
    let later = RPCError(.resourceExhausted, "", retry: .after(milliseconds: 30))
    guard case .retry(let wait) = decide(&log, later) else {
      Issue.record("not retried")
      return
    }
    #expect((30_000_000...34_000_000).contains(wait))
    log = AttemptLog()
    #expect(decide(&log, RPCError(.unavailable, "", retry: .never)) == .giveUp(.forbidden))
  }

  @Test("a wait that outlasts the deadline is not begun and costs no token")
  mutating func deadline() {
    var log = AttemptLog()
    let later = RPCError(.resourceExhausted, "", retry: .after(milliseconds: 30))
    let full = budget.balanceMilliTokens
    #expect(decide(&log, later, remaining: 30_000_000) == .giveUp(.outOfTime))
    #expect(budget.balanceMilliTokens == full)
    log = AttemptLog()
    #expect(decide(&log, RPCError(.unavailable, "", retry: .after(milliseconds: .max))) == .giveUp(.outOfTime))
    log = AttemptLog()
    #expect(decide(&log, RPCError(.unavailable, "", neverStarted: true), remaining: 0) == .giveUp(.outOfTime))
  }

  @Test("an empty budget ends the retries")
  mutating func budgetEmpty() {
    while budget.withdraw() {}
    var log = AttemptLog()
    #expect(decide(&log, RPCError(.unavailable, "")) == .giveUp(.outOfBudget))
  }

  @Test("no sequence of failures sends a call more often than twice the policy's attempts", arguments: Seeds.some)
  mutating func bounded(seed: UInt64) {
    random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      budget = RetryBudget(ratio: 0, reserve: 100)
      var log = AttemptLog()
      var sendings = 1
      while true {
        let code = StatusCode.allCases.randomElement(using: &random) ?? .unknown
        let error = RPCError(code, "", neverStarted: Bool.random(using: &random))
        if case .giveUp = decide(&log, error) { break }
        sendings += 1
      }
      #expect(sendings <= 2 * policy.attempts)
      #expect(log.attempts <= policy.attempts && log.neverStarted <= policy.attempts)
    }
  }
}
