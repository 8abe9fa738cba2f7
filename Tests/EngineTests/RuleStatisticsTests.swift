import GatehouseProtocol
import Rules
import Testing
import Windows

@testable import Engine

@Suite("Statistics of rules")
struct RuleStatisticsTests {
  private static let text = """
    counter orders = count of order.create by card.fingerprint
    rule many
      on order.create
      when orders over 1h > 3
      then friction
    rule elsewhere
      on order.create, order.cancel
      when location.country != "US"
      then suspect_activity
    rule tried
      on order.*
      when reason == "x" or orders over 1h > 5
      then access_blocked
      mode shadow
    rule partly
      on order.create
      when reason == "y"
      then friction
      otherwise allow
      mode live for 50% by card.fingerprint
    rule off
      on order.create
      when true
      then friction
      mode off
    """

  /// The same, recounted from decisions.
  private struct Recount {
    var rules: [String: RuleStatistics] = [:]

    mutating func add(_ decision: Decision, action: String) {
      for rule in action == "create" ? ["many", "elsewhere", "tried", "partly"] : ["elsewhere", "tried"] {
        rules[rule, default: RuleStatistics(rule: rule)].evaluated += 1
      }
      for fired in decision.fired { rules[fired.rule]?.fired += 1 }
      for fired in decision.shadowFired {
        rules[fired.rule]?.shadowFired += 1
        if fired.effect.rawValue > decision.outcome.rawValue { rules[fired.rule]?.wouldChangeOutcome += 1 }
      }
      for rule in decision.notEvaluated + decision.shadowNotEvaluated { rules[rule.rule]?.notEvaluated += 1 }
      let together = (decision.fired + decision.shadowFired).map(\.rule)
      for first in together { for second in together where second != first { pair(first, second) } }
    }

    private mutating func pair(_ first: String, _ second: String) {
      let overlaps = rules[first]?.overlaps ?? []
      let count = overlaps.first { $0.rule == second }?.count ?? 0
      rules[first]?.overlaps = overlaps.filter { $0.rule != second } + [RuleOverlap(rule: second, count: count + 1)]
    }

    /// As it is told: overlaps in some order, no time.
    static func comparable(_ statistics: RuleStatistics) -> RuleStatistics {
      var comparable = statistics
      comparable.nanoseconds = 0
      comparable.overlaps.sort { $0.rule < $1.rule }
      return comparable
    }
  }

  private func activity(_ random: inout SeededRandom, id: Int) -> Activity {
    var order = Counting.order(id: "id-\(id)", card: "card-\(random.next() % 6)")
    if random.next() % 4 == 0 { order.action = "cancel" }
    order.reason = ["", "x", "y", "z"][Int(random.next() % 4)]
    order.location = [nil, Location(country: "US"), Location(country: "CA")][Int(random.next() % 3)]
    return order
  }

  @Test("they are what a recount of the decisions comes to, over several evaluators", arguments: 1...5)
  func recount(seed: UInt64) throws {
    let engine = try TestGate.engine(try TestRules.compile(Self.text))
    let gates = (0..<3).map { _ in TestGate(engine) }
    var (random, recount) = (SeededRandom(seed: seed), Recount())
    for step in 0..<500 {
      let order = activity(&random, id: step - (step % 10 == 9 ? 1 : 0))
      let gate = gates[Int(random.next() % 3)]
      switch random.next() % 5 {
      case 0: _ = try? gate.record(order)
      case 1: recount.add(try gate.evaluate(order, .check), action: order.action)
      default:
        guard let decision = try? gate.evaluate(order), !decision.repeated else { continue }
        recount.add(decision, action: order.action)
      }
    }
    _ = try Explainer(engine).explain(activity(&random, id: 0), now: TestGate.noon)
    let statistics = engine.ruleStatistics(since: 7)
    #expect(statistics.since == 7 && statistics.ruleSetVersion == TestRules.version)
    #expect(statistics.rules.map(\.rule) == ["many", "elsewhere", "tried", "partly", "off"])
    for rule in statistics.rules {
      let expected = recount.rules[rule.rule] ?? RuleStatistics(rule: rule.rule)
      #expect(Recount.comparable(rule) == Recount.comparable(expected), "seed \(seed)")
    }
    let tried = statistics.rules[2]
    #expect(tried.wouldChangeOutcome > 0 && tried.wouldChangeOutcome <= tried.shadowFired)
  }

  @Test("they begin anew with rules that come into force, and tell since when")
  func adoption() throws {
    let gate = try TestGate(Counting.rules())
    _ = try gate.evaluate(Counting.order())
    #expect(gate.engine.ruleStatistics(since: 5).rules.map(\.fired) == [1, 0])
    try gate.engine.adopt(try Counting.rules(), at: 9)
    #expect(gate.engine.ruleStatistics(since: 5).rules.map(\.evaluated) == [0, 0])
    #expect(gate.engine.ruleStatistics(since: 5).since == 9)
    #expect(gate.engine.ruleStatistics(since: 11).since == 11, "the server was started later")
    _ = try gate.evaluate(Counting.order())
    #expect(gate.engine.ruleStatistics(since: 5).rules.map(\.evaluated) == [1, 1])
  }

  @Test("of many rules that fire at once, pairs are estimated, and only the most frequent ones are told")
  func manyTogether() throws {
    let rules = (0..<60).map { "rule r\($0) on order.create when true then friction\n" }.joined()
    let gate = try TestGate(TestRules.compile(rules))
    let calls = try Array(repeating: TestGate.Call.evaluate(Counting.order(), .check), count: 64)
    for _ in 0..<3 { _ = try gate.process(calls) }
    let statistics = gate.engine.ruleStatistics(since: 0).rules
    #expect(statistics.allSatisfy { $0.fired == 192 && $0.overlaps.map(\.count) == Array(repeating: 192, count: 32) })
    #expect(statistics[0].overlaps.first?.rule == "r1" && statistics[59].overlaps.first?.rule == "r0")
  }

  @Test("every pair of rules has a place of its own")
  func places() {
    let places = (0..<40).flatMap { first in (0..<first).map { RuleCounts.pair(first, $0) } }
    #expect(Set(places) == Set(0..<40 * 39 / 2) && places.count == Set(places).count)
    #expect(RuleCounts.pair(3, 7) == RuleCounts.pair(7, 3))
  }

  @Test("one call in 1,024 is timed, and stands for all of them; what the clock itself takes is left out")
  func timing() throws {
    let rules = try TestRules.compile(
      "rule a on order.create when true then allow\nrule b on order.create when true then friction")
    // Looking at the clock takes 10 ns, eight judgements 80.
    var (now, step) = (UInt64(0), UInt64(10))
    let counts = RuleCounts(rules) {
      now += step
      return now
    }
    step = 90
    var fields = FieldValues(for: rules, hasher: KeyHasher(key0: 1, key1: 2))
    var verdict = Verdict(for: rules)
    var reading = WindowReading()
    var timed = 0
    for _ in 0..<3 * RuleCounts.callsPerTiming {
      rules.decide(kind: 0, fields: &fields, readings: &reading, time: 1, into: &verdict)
      guard counts.note(verdict, kind: 0) else { continue }
      timed += 1
      counts.time(rules, kind: 0, fields: &fields, readings: &reading, time: 1)
    }
    #expect(timed == 3)
    for rule in 0..<2 { #expect(counts.counts[rule].nanoseconds == UInt64(10 * 3 * RuleCounts.callsPerTiming)) }
  }
}
