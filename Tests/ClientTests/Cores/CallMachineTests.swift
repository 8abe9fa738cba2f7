import Testing
import Wire

@testable import GatehouseClient

@Suite struct CallMachineTests {
  private var random = SplitMix64(seed: 5)
  private var budget = RetryBudget(ratio: 0, reserve: 10)
  private let policy = RetryPolicy(attempts: 3, backoff: Backoff(base: .zero, cap: .zero))

  private mutating func fail(
    _ call: inout CallMachine, _ sending: UInt32, _ error: RPCError, idempotent: Bool = true
  ) -> CallMachine.Step {
    call.failed(
      sending, with: error, idempotent: idempotent, remainingNanoseconds: 1_000, policy: policy, budget: &budget,
      using: &random)
  }

  @Test("begin, send, answered, over")
  func straight() {
    var call = CallMachine()
    #expect(call.begin() == true)
    #expect(call.send() == 1)
    #expect(call.answered(1) == true)
    #expect(call.phase == .over)
    #expect(call.answered(1) == false, "twice")
    #expect(call.end() == false)
  }

  @Test("a failure is retried, and the answer to the first sending is late")
  mutating func retry() {
    var call = CallMachine()
    _ = call.begin()
    _ = call.send()
    #expect(fail(&call, 1, RPCError(.unavailable, "lost")) == .backOff(nanoseconds: 0))
    #expect(call.answered(1) == false)
    #expect(call.send() == nil, "not while it backs off")
    #expect(call.resume() == true)
    #expect(call.send() == 2)
    #expect(fail(&call, 1, RPCError(.unavailable, "late")) == .ignore)
    #expect(call.answered(2) == true)
    #expect(call.lastFailure?.message == "lost")
  }

  @Test("never started: sent again at once")
  mutating func resend() {
    var call = CallMachine()
    _ = call.begin()
    _ = call.send()
    let error = RPCError(.unavailable, "going away", neverStarted: true)
    #expect(fail(&call, 1, error, idempotent: false) == .resend)
    #expect(call.send() == 2)
  }

  @Test("cancelled before it began, it is over as soon as it begins")
  func cancelledEarly() {
    var call = CallMachine()
    #expect(call.cancel() == false)
    #expect(call.begin() == false)
    #expect(call.phase == .over)
    #expect(call.send() == nil)
  }

  @Test("whatever is reported in whatever order, exactly one report ends a call", arguments: Seeds.some)
  mutating func once(seed: UInt64) {
    random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      budget = RetryBudget(ratio: 0, reserve: 10)
      var call = CallMachine()
      _ = call.begin()
      var ends = 0
      var sendings: UInt32 = 0
      for _ in 0..<30 {
        let some = UInt32.random(in: 0...(sendings + 1), using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: if let number = call.send() { sendings = number }
        case 2: if call.answered(some) { ends += 1 }
        case 3:
          let error = RPCError(.unavailable, "", neverStarted: Bool.random(using: &random))
          if case .end = fail(&call, some, error, idempotent: Bool.random(using: &random)) { ends += 1 }
        case 4: _ = call.resume()
        case 5: if Int.random(in: 0..<5, using: &random) == 0, call.cancel() { ends += 1 }
        default: if Int.random(in: 0..<5, using: &random) == 0, call.end() { ends += 1 }
        }
        #expect(ends == (call.phase == .over ? 1 : 0))
        #expect(sendings <= UInt32(2 * policy.attempts))
      }
    }
  }
}
