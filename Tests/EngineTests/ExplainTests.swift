import GatehouseProtocol
import Rules
import Testing
import Wire

@testable import Engine

@Suite("Explanations")
struct ExplainTests {
  private func explain(_ gate: TestGate, _ activity: Activity?) throws -> Explanation {
    try Explainer(gate.engine).explain(activity, now: TestGate.noon)
  }

  @Test("an explanation has the decision that CHECK gives, and every part of every rule of the kind with what it saw")
  func whole() throws {
    let gate = try TestGate(TestRules.shipped())
    let order = Activity(
      entity: "order", action: "create", clientIP: "203.0.113.7", location: Location(country: "US"),
      card: Card(fingerprint: "fp"), membership: Membership(id: "m", startedAt: TestGate.noon - 24 * TestRules.hour))
    for _ in 0..<4 { _ = try gate.evaluate(order) }
    let explanation = try explain(gate, order)
    #expect(explanation.decision == (try gate.evaluate(order, .check)))
    #expect(explanation.decision?.fired.map(\.rule) == ["repeated_payments"])
    #expect(
      explanation.rules.map(\.rule).sorted() == [
        "different_addresses", "different_locations", "failed_cvv", "repeated_payments", "too_many_payments",
        "uncommon_hours",
      ])
    let many = try #require(explanation.rules.first { $0.rule == "too_many_payments" }?.condition)
    #expect(many.value == "false" && many.parts.map(\.value) == ["true", "false"])
    #expect(many.parts[1].text == "payment_attempts over 48h > 5")
    #expect(many.parts[1].parts == [ExplanationNode(text: "payment_attempts over 48h", value: "5")])
    let places = try #require(explanation.rules.first { $0.rule == "different_locations" }?.condition)
    #expect(places.value == "unknown" && places.parts.map(\.value) == ["false", "unknown"])
  }

  @Test("explaining counts nothing and writes nothing")
  func leavesNoTrace() throws {
    let book = FakeBook()
    let gate = try TestGate(Counting.rules(), book: book)
    _ = try gate.evaluate(Counting.order(id: "a"))
    for _ in 0..<3 { #expect(try explain(gate, Counting.order(id: "b")).decision?.repeated == false) }
    #expect(try gate.counted() == 1)
    #expect(book.current.entries.count == 1 && book.current.openReservations == 0)
  }

  @Test("an activity that no rule wants has a decision and no rules; what Evaluate refuses is refused")
  func others() throws {
    let gate = try TestGate(Counting.rules())
    let other = try explain(gate, Activity(entity: "cat", action: "meow"))
    #expect(other.rules.isEmpty && other.decision?.outcome == Effect.none)
    #expect(throws: RPCError.self) { try explain(gate, nil) }
    #expect(throws: RPCError.self) { try explain(gate, Activity(entity: "Not A Word", action: "create")) }
  }

  @Test("the rules that are adopted are the ones that are explained")
  func adoption() throws {
    let gate = try TestGate(Counting.rules())
    let explainer = Explainer(gate.engine)
    #expect(try explainer.explain(Counting.order(), now: TestGate.noon).rules.map(\.rule) == ["seen", "deep"])
    try gate.engine.adopt(try TestRules.compile("rule only on order.create when true then friction"), at: TestGate.noon)
    #expect(try explainer.explain(Counting.order(), now: TestGate.noon).rules.map(\.rule) == ["only"])
  }

  @Test("an explanation deeper than messages nest or larger than an answer is bounded")
  func bounded() throws {
    let nots = String(repeating: "not ", count: 30)
    let nested = "let a = \(nots) reason == \"x\"\nlet b = \(nots) a\nrule r on order.create when \(nots) b then allow"
    let explanation = try explain(try TestGate(try TestRules.compile(nested)), Counting.order())
    var (levels, node) = (0, explanation.rules.first?.condition)
    while let next = node {
      levels += 1
      node = next.parts.first
    }
    #expect(levels == ExplanationRoom.maxLevels)
    let bytes = try ProtobufEncoder().encode(explanation)
    #expect(try ProtobufDecoder().decode(Explanation.self, from: bytes) == explanation)
    let words = (0..<300).map { "reason == \"\(String(repeating: "x", count: 900))\($0)\"" }.joined(separator: " or ")
    let rules = (0..<8).map { "rule r\($0) on order.create when words then friction\n" }
    let large = "let words = \(words)\n" + rules.joined()
    var order = Counting.order()
    order.reason = "y"
    let gate = try TestGate(try TestRules.compile(large))
    #expect { try explain(gate, order) } throws: { ($0 as? RPCError)?.code == .resourceExhausted }
  }
}
