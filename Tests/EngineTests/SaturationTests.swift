import GatehouseProtocol
import Rules
import Testing

@testable import Engine

@Suite("When memory runs out")
struct SaturationTests {
  private static let cap = 500
  private static let shards = 2

  private func gate() throws -> TestGate {
    try TestGate(Counting.rules()) {
      $0.maxKeysPerTable = Self.cap
      $0.shards = Self.shards
    }
  }

  /// What CHECK sees of a card.
  private func seen(_ gate: TestGate, card: String, now: Int64) throws -> Observation {
    try #require(try gate.evaluate(Counting.order(card: card), .check, now: now).fired.last?.observations.first)
  }

  @Test("a flood of one-time keys neither balloons a shard nor starves the keys that are busy")
  func flood() throws {
    let gate = try gate()
    let busy = (0..<20).map { "busy-\($0)" }
    var (now, most) = (TestGate.noon, 0)
    for round in 0..<40 {
      now += 1_000
      for card in busy { _ = try gate.evaluate(Counting.order(card: card), now: now) }
      for chunk in 0..<4 {
        let flood = try (0..<60).map {
          try TestGate.Call.evaluate(Counting.order(card: "once-\(round)-\(chunk)-\($0)"))
        }
        #expect(try gate.process(flood, now: now).allSatisfy { $0.error == nil })
      }
      most = max(most, gate.engine.statistics().windowBytes)
    }
    let statistics = gate.engine.statistics()
    #expect(statistics.keys <= Self.cap * Self.shards)
    #expect(statistics.evictedKeys >= UInt64(40 * 240 - Self.cap * Self.shards))
    #expect(most < Self.cap * Self.shards * 200)
    for card in busy {
      let observation = try seen(gate, card: card, now: now)
      #expect(observation.value == 41 && !observation.atLeast)
    }
  }

  @Test("a key that gave way says that its count may be too low, until its window no longer reaches what went")
  func incomplete() throws {
    let gate = try gate()
    for _ in 0..<3 { _ = try gate.evaluate(Counting.order(card: "mine")) }
    #expect(
      try seen(gate, card: "mine", now: TestGate.noon)
        == Observation(
          counter: "orders", window: TestRules.hour, value: 4, threshold: 0))
    let later = TestGate.noon + 60_000
    for number in 0..<3_000 { _ = try gate.evaluate(Counting.order(card: "once-\(number)"), now: later) }
    #expect(
      try seen(gate, card: "mine", now: later)
        == Observation(
          counter: "orders", window: TestRules.hour, value: 1, threshold: 0, incomplete: true))
    let gone = TestGate.noon + TestRules.hour
    // Marks are shared: some other card may have gone later.
    let whole = try (0..<200).count { try !seen(gate, card: "never-\($0)", now: gone).incomplete }
    #expect(whole > 0)
    #expect(try !seen(gate, card: "mine", now: later + TestRules.hour).incomplete)
  }

  @Test("what a table gave up is known to the one that takes its place when rules change")
  func adoption() throws {
    let gate = try gate()
    _ = try gate.evaluate(Counting.order(card: "mine"))
    for number in 0..<3_000 { _ = try gate.evaluate(Counting.order(card: "once-\(number)"), now: TestGate.noon + 1) }
    let before = gate.engine.statistics().evictedKeys
    let deeper = Counting.text.replacing("> 100", with: "> 200")
    try gate.engine.adopt(try TestRules.compile(deeper), at: TestGate.noon)
    #expect(gate.engine.statistics().evictedKeys == before)
    #expect(try seen(gate, card: "mine", now: TestGate.noon + 1).incomplete)
  }

  @Test("a sum over more events than a window keeps says so, and the events it dropped are counted")
  func dropped() throws {
    let gate = try TestGate(
      TestRules.compile(
        """
        counter spent = sum amount.minor_units of order.create by card.fingerprint
        rule seen on order.create when spent over 1h > 0 then friction
        """))
    var order = Counting.order()
    order.amount = Money(minorUnits: 1, currency: "USD")
    let calls = try Array(repeating: TestGate.Call.record(order), count: 64)
    for _ in 0..<64 { _ = try gate.process(calls) }
    #expect(gate.engine.statistics().droppedEvents == 0)
    for _ in 0..<3 { _ = try gate.process(calls, now: TestGate.noon + 1) }
    #expect(gate.engine.statistics().droppedEvents > 0)
    let observation = try #require(
      try gate.evaluate(order, .check, now: TestGate.noon + 1).fired.first?.observations.first)
    #expect(observation.incomplete && observation.value >= 4_096)
  }
}
