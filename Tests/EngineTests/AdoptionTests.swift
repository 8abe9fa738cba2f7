import GatehouseProtocol
import Rules
import Synchronization
import Testing
import Wire

@testable import Engine

@Suite("Another rule set takes over between two chunks")
struct AdoptionTests {
  /// Rules that show the count of a card's orders and its distinct countries, exact up to `depth`.
  private static func rules(depth: Int, more: String = "") throws -> RuleSet {
    try TestRules.compile(
      """
      counter orders = count of order.create by card.fingerprint
      counter countries = distinct location.country of order.create by card.fingerprint
      rule seen
        on order.create
        when orders over 1h > 0
        then friction "{orders over 1h} {countries over 1h}"
      rule deep
        on order.create
        when orders over 1h > \(depth) or countries over 1h > \(depth)
        then access_blocked

      """ + more)
  }

  private static func order(_ country: String, id: String = "") -> Activity {
    var order = Counting.order(id: id)
    order.location = Location(country: country)
    return order
  }

  private func seen(_ gate: TestGate, _ country: String) throws -> String? {
    try gate.evaluate(Self.order(country), .check).fired.last?.message
  }

  @Test("counters of both keep their windows, deeper ones keep what they have and grow, shallower ones stay exact")
  func windowsStay() throws {
    let gate = try TestGate(Self.rules(depth: 5))
    for country in ["AA", "BB", "CC", "CC"] { _ = try gate.evaluate(Self.order(country)) }
    #expect(try seen(gate, "DD") == "5 4")
    try gate.engine.adopt(try Self.rules(depth: 50), at: TestGate.noon)
    #expect(try seen(gate, "DD") == "5 4")
    for country in ["DD", "EE", "FF", "GG"] { _ = try gate.evaluate(Self.order(country)) }
    #expect(try seen(gate, "HH") == "9 8")
    try gate.engine.adopt(try Self.rules(depth: 2), at: TestGate.noon)
    #expect(try seen(gate, "II") == "3+ 3+")
  }

  @Test("a new counter begins empty, one that is gone is forgotten")
  func newAndGone() throws {
    let failures = """
      counter failures = count of order.create where not was_successful by card.fingerprint
      rule failed
        on order.create
        when failures over 1h > 9
        then friction
      """
    let gate = try TestGate(Self.rules(depth: 5))
    var order = Self.order("AA")
    order.wasSuccessful = false
    _ = try gate.evaluate(order)
    #expect(gate.engine.statistics().keys == 2)
    try gate.engine.adopt(try Self.rules(depth: 5, more: failures), at: TestGate.noon)
    #expect(gate.engine.statistics().keys == 2)
    _ = try gate.evaluate(order)
    #expect(gate.engine.statistics().keys == 3)
    try gate.engine.adopt(try Self.rules(depth: 5), at: TestGate.noon)
    #expect(gate.engine.statistics().keys == 2)
    try gate.engine.adopt(try Self.rules(depth: 5, more: failures), at: TestGate.noon)
    #expect(gate.engine.statistics().keys == 2)
  }

  @Test("first answers are given again as they were, in the words of the rules that judged them")
  func answersStay() throws {
    let gate = try TestGate(Self.rules(depth: 5))
    var first = try gate.evaluate(Self.order("AA", id: "a"))
    try gate.engine.adopt(try TestRules.shipped(), at: TestGate.noon)
    first.repeated = true
    #expect(try gate.evaluate(Self.order("AA", id: "a")) == first)
    #expect(try gate.evaluate(Self.order("AA")).notEvaluated.isEmpty == false, "the shipped rules are in force")
  }

  @Test("while many threads ask, no count is lost and no call is judged by a mixture")
  func underLoad() async throws {
    let engine = try TestGate.engine(try Self.rules(depth: 5_000))
    let failure = Mutex<(any Error)?>(nil)
    let (threads, chunks) = (3, 40)
    await onThreads(threads + 1) { thread, _ in
      do {
        if thread == threads {
          for round in 0..<60 {
            try engine.adopt(try Self.rules(depth: round % 2 == 0 ? 6_000 : 5_000), at: TestGate.noon)
          }
        } else {
          var gate = TestGate(engine)
          for chunk in 0..<chunks {
            // Evaluators may come while rules change.
            if chunk % 4 == 3 { gate = TestGate(engine) }
            let answers = try gate.process(Array(repeating: .evaluate(Self.order("AA")), count: 16))
            guard answers.allSatisfy({ $0.decision?.fired.map(\.rule) == ["seen"] }) else {
              throw RPCError(.internal, "\(answers)")
            }
          }
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    #expect(try seen(TestGate(engine), "BB") == "\(threads * chunks * 16 + 1) 2")
  }
}
