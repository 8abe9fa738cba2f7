import GatehouseProtocol
import Rules
import Testing

@testable import Engine

@Suite("Decisions in which hundreds of rules fire")
struct LongDecisionTests {
  /// A rule of one shape, by its number.
  typealias Rule = @Sendable (Int) -> String

  private static let long = String(repeating: "m", count: 400)
  private static let tags = (0..<16).map { "\"\(String(repeating: "t", count: 50))\($0)\"" }.joined(separator: ", ")
  private static let counter = "counter attempts = count of order.create by customer_id\n"

  static let shapes: [(name: String, rule: Rule)] = [
    ("bare", { "rule r\($0) on order.create when true then friction\n" }),
    ("long names", { "rule \(name($0)) on order.create when true then friction\n" }),
    ("messages", { "rule r\($0) on order.create when true then friction \"\(long) \($0)\"\n" }),
    ("values", { "rule r\($0) on order.create when true then friction \"{reason} {attempts over 1h}\"\n" }),
    ("tags", { "rule r\($0) on order.create when true then friction tags \(tags) score -1000000\n" }),
    (
      "actions",
      {
        "rule r\($0) on order.create when true then friction and lock customer for 400d and lock customer for 399d "
          + "and open case and lock customer for 1d severity critical\n"
      }
    ),
    (
      "observations",
      {
        let compared = (1...20).map { "attempts over \($0)s > \($0 + 900)" }.joined(separator: " or ")
        return "rule r\($0) on order.create when was_successful or \(compared) then friction\n"
      }
    ),
    ("missing", { "rule \(name($0)) on order.create when attributes.\(missing) == \"x\" then friction\n" }),
    (
      "otherwise",
      { "rule r\($0) on order.create when user_agent == \"x\" then allow otherwise friction \"\(long)\"\n" }
    ),
    ("shadow", { "rule r\($0) on order.create when true then friction \"\(long)\" mode shadow\n" }),
  ]

  private static let missing = String(repeating: "k", count: 64)

  private static func name(_ number: Int) -> String { "r\(number)" + String(repeating: "_", count: 56) }

  private static func text(_ rule: Rule, _ count: Int) -> String {
    counter + "rule first on order.create when attempts over 1h > 0 then allow\n" + (0..<count).map(rule).joined()
  }

  /// As many rules of one shape as the compiler takes: it says which one, each on a line, is too much.
  private static func most(_ rule: Rule) -> Int {
    let count = Limits.maxRules - 1
    let compilation = RuleCompiler(digest: { _ in "" }).compile(SourceFile(name: "long", text: text(rule, count)))
    guard let error = compilation.diagnostics.first(where: { $0.code == .decisionTooLarge }) else { return count }
    return compilation.file.position(of: error.span.start).line - 3
  }

  private static let order = Activity(
    customerID: "ann", entity: "order", action: "create", wasSuccessful: true,
    reason: String(repeating: "r", count: 200))

  @Test("whatever the compiler takes an engine can answer, with every rule in the decision", arguments: shapes.indices)
  func everyShape(index: Int) throws {
    let rule = Self.shapes[index].rule
    let count = Self.most(rule)
    let gate = try TestGate(try TestRules.compile(Self.text(rule, count)))
    #expect(gate.engine.generation.maxDecisionBytes <= Limits.maxDecisionBytes)
    var activity = Self.order
    activity.id = "once"
    let decision = try gate.evaluate(activity)
    #expect(decision.fired.count + decision.notEvaluated.count + decision.shadowFired.count == count + 1)
    var again = try gate.evaluate(activity)
    #expect(again.repeated)
    again.repeated = false
    #expect(again == decision)
  }

  @Test("an engine measures by itself what it is given")
  func measured() throws {
    let gate = try TestGate(try TestRules.compile(Self.text(Self.shapes[0].rule, 10)))
    let generation = gate.engine.generation
    #expect(throws: EngineError.decisionsTooLarge(generation.maxDecisionBytes)) {
      try Engine.checked(generation, limit: 100)
    }
  }
}
