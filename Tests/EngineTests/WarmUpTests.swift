import GatehouseProtocol
import Rules
import Testing
import Wire

@testable import Engine

@Suite("Counters warm up")
struct WarmUpTests {
  private static let (hour, noon) = (TestRules.hour, TestGate.noon)
  private static let skew = EngineConfiguration().allowedSkewMilliseconds

  /// Rules that look over `window` at a card's orders and, with `more`, at its addresses.
  private static func rules(_ window: String = "1h", deeper depth: Int = 3, more: Bool = false) throws -> RuleSet {
    let addresses = """
      counter addresses = distinct client_ip of order.create by card.fingerprint
      rule moved
        on order.create
        when addresses over 4h > 1 or addresses over 2h > 1
        then friction
      """
    return try TestRules.compile(
      """
      counter orders = count of order.create by card.fingerprint
      rule many
        on order.create
        when orders over \(window) > \(depth)
        then friction
      rule other
        on order.cancel
        when reason == "x"
        then allow

      """ + (more ? addresses : ""))
  }

  private func warming(_ gate: TestGate, at time: Int64, action: String = "create") throws -> [WarmingCounter] {
    var activity = Counting.order(at: time)
    activity.action = action
    return try gate.evaluate(activity, .check, now: time).warming
  }

  /// An engine that has recorded something under `rules()`.
  private func used() throws -> TestGate {
    let gate = try TestGate(Self.rules())
    try gate.record(Counting.order(), now: Self.noon)
    return gate
  }

  @Test("where recording begins nothing is missing, under whatever rules")
  func beginning() throws {
    let gate = try TestGate(Self.rules())
    #expect(try warming(gate, at: Self.noon).isEmpty)
    try gate.engine.adopt(try Self.rules("48h", more: true), at: Self.noon)
    #expect(try warming(gate, at: Self.noon).isEmpty)
    #expect(gate.engine.coverage == Coverage())
  }

  @Test("a new counter is named by the decisions whose rules read it, window by window, until it is warm")
  func newCounter() throws {
    let gate = try used()
    let time = Self.noon + 1_000
    try gate.engine.adopt(try Self.rules(more: true), at: time)
    let both = [2, 4].map {
      WarmingCounter(counter: "addresses", window: $0 * Self.hour, warmAt: time + $0 * Self.hour)
    }
    #expect(try warming(gate, at: time) == both)
    #expect(try warming(gate, at: time, action: "cancel").isEmpty, "its rules read no counter")
    #expect(try warming(gate, at: time + 2 * Self.hour - 1) == both)
    #expect(try warming(gate, at: time + 2 * Self.hour) == [both[1]])
    #expect(try warming(gate, at: time + 4 * Self.hour).isEmpty)
  }

  @Test("a counter that stays is whole, one that looks further back is whole from where it looked back to")
  func widened() throws {
    let gate = try used()
    try gate.engine.adopt(try Self.rules(), at: Self.noon + 1)
    #expect(try warming(gate, at: Self.noon + 1).isEmpty)
    try gate.engine.adopt(try Self.rules("30m"), at: Self.noon + 1)
    #expect(try warming(gate, at: Self.noon + 1).isEmpty)
    let time = Self.noon + 2
    try gate.engine.adopt(try Self.rules("5h"), at: time)
    let warmAt = time + Self.skew - Self.hour / 2 + 5 * Self.hour
    #expect(try warming(gate, at: time).map(\.warmAt) == [warmAt])
    try gate.engine.adopt(try Self.rules("4h"), at: time + 1)
    #expect(
      try warming(gate, at: time + 1).map(\.warmAt) == [warmAt - Self.hour], "it is the same window, read less far")
  }

  @Test("a count that is compared with more than before is whole when a window has passed")
  func deeper() throws {
    let gate = try used()
    try gate.engine.adopt(try Self.rules(deeper: 2), at: Self.noon + 1)
    #expect(try warming(gate, at: Self.noon + 1).isEmpty)
    try gate.engine.adopt(try Self.rules(deeper: 9), at: Self.noon + 2)
    #expect(try warming(gate, at: Self.noon + 2).map(\.warmAt) == [Self.noon + 2 + Self.hour])
  }

  @Test(
    "what a counter says once it is warm is what one says that was there all the time, over random changes",
    arguments: 1...10)
  func exactWhenWarm(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let windows = ["1h", "2h", "5h"]
    let gate = try TestGate(Self.rules("5h", deeper: 9, more: true))
    let changing = try TestGate(Self.rules())
    var (now, compared, warm) = (Self.noon, 0, 0)
    for step in 0..<400 {
      now += Int64(random.next() % 1_200_000)
      if step % 20 == 10 {
        let rules = try Self.rules(
          windows[Int(random.next() % 3)], deeper: 3 + Int(random.next() % 6), more: random.next() % 2 == 0)
        try changing.engine.adopt(rules, at: now)
      }
      var order = Counting.order(card: "card-\(random.next() % 5)", at: now - Int64(random.next() % 3_000_000))
      order.clientIP = "10.0.0.\(random.next() % 3)"
      _ = try gate.evaluate(order, now: now)
      let decision = try changing.evaluate(order, now: now)
      guard changing.engine.rules.rules.contains(where: { $0.name == "moved" }) else { continue }
      compared += 1
      guard !decision.warming.contains(where: { $0.counter == "addresses" }) else { continue }
      warm += 1
      let truth = try gate.evaluate(order, .check, now: now)
      let moved = { (decision: Decision) in decision.fired.contains { $0.rule == "moved" } }
      #expect(moved(decision) == moved(truth), "seed \(seed), step \(step)")
    }
    #expect(compared > warm && warm > 0)
  }

  @Test("an engine that resumes knows what the one before knew")
  func resumed() throws {
    let gate = try used()
    try gate.engine.adopt(try Self.rules(more: true), at: Self.noon)
    let next = try TestGate(Self.rules(more: true))
    try next.engine.resume(gate.engine.coverage)
    #expect(next.engine.coverage == gate.engine.coverage)
    #expect(try warming(TestGate(next.engine), at: Self.noon) == warming(gate, at: Self.noon))
    try next.engine.adopt(try Self.rules("2h"), at: Self.noon + 5)
    #expect(try warming(TestGate(next.engine), at: Self.noon + 5).map(\.counter) == ["orders"])
  }

  @Test("a log whose first entries are gone leaves every counter warming from there on")
  func removed() throws {
    let gate = try TestGate(Self.rules())
    try gate.engine.beginHistory(at: Self.noon)
    #expect(try warming(TestGate(gate.engine), at: Self.noon).map(\.warmAt) == [Self.noon + Self.hour])
  }

  @Test("a replay that adopts rules where the log did comes to the same")
  func replayed() throws {
    let book = FakeBook()
    let gate = try TestGate(Self.rules(), book: book)
    _ = try gate.evaluate(Counting.order(), now: Self.noon)
    try gate.engine.adopt(try Self.rules(more: true), at: Self.noon + 1)
    // The file has changed since: a start begins with it.
    let engine = try TestGate.engine(try Self.rules("9h", more: true))
    try engine.adopt(try Self.rules(), at: Self.noon - 1)
    let replaying = engine.makeEvaluator()
    for (index, bytes) in book.current.entries.enumerated() {
      try bytes.withUnsafeBytes { bytes in
        let entry = LoggedEntry(index: UInt64(index), bytes: bytes)
        #expect(try entry.createdAt() == Self.noon)
        try withUnsafePointer(to: entry) { try replaying.restore(UnsafeBufferPointer(start: $0, count: 1)) }
      }
    }
    try engine.adopt(try Self.rules(more: true), at: Self.noon + 1)
    #expect(engine.coverage == gate.engine.coverage)
    #expect(try warming(TestGate(engine), at: Self.noon + 1).map(\.counter) == ["addresses", "addresses"])
  }
}
