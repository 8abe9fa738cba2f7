import Testing

@testable import Rules

/// A decision can hold all that rules on one kind of activity say at once, or the rules are refused.
@Suite struct DecisionSizeTests {
  private func rules(_ count: Int, on kind: (Int) -> String = { _ in "a.b" }, then: String) -> String {
    (0..<count).map { "rule r\($0) on \(kind($0)) when true then \(then)\n" }.joined()
  }

  private func errors(_ text: String) -> [String] {
    let compilation = compile(text)
    return compilation.diagnostics.map { "\($0.code.rawValue) \(compilation.file.position(of: $0.span.start).line)" }
  }

  @Test("as many rules as a file can hold, each with a message and counters, decide together")
  func ordinary() throws {
    let counter = "counter attempts = count of a.b by customer_id\n"
    let text = (0..<Limits.maxRules).map {
      "rule a_rule_of_the_trade_\($0) on a.b when attempts over 1h > 3 or attempts over 24h > 10 "
        + "then friction \"{attempts over 1h} attempts within an hour, which is too many\"\n"
    }
    #expect(errors(counter + text.joined()) == [])
  }

  @Test("rules that say too much at once are refused at the rule that is too much, and once")
  func tooLarge() throws {
    // Each takes the name, a text of up to 2,048 bytes and what is around them.
    let texts = rules(600, then: "friction \"{reason}\"")
    let line = try #require(errors(texts).first?.split(separator: " ").last.flatMap { Int($0) })
    #expect((455...512).contains(line) && errors(texts) == ["E0040 \(line)"])
    #expect(errors(rules(line - 1, then: "friction \"{reason}\"")) == [])
    let rendered = compile(texts).diagnostics.map { $0.rendered(in: SourceFile(name: "r", text: texts)) }
    #expect(rendered[0].contains("error[E0040]") && rendered[0].contains("help: shorten messages"))
  }

  @Test("only rules on one kind are added up, and rules that are off say nothing")
  func kinds() throws {
    #expect(errors(rules(600, on: { $0 < 300 ? "a.b" : "c.d" }, then: "friction \"{reason}\"")) == [])
    #expect(errors(rules(600, on: { $0 < 300 ? "a.*" : "a.b" }, then: "friction \"{reason}\"")).count == 1)
    #expect(errors(rules(600, then: "friction \"{reason}\" mode off")) == [])
  }

  @Test("a number in a message takes less room than a text, and messages are cut")
  func messages() throws {
    #expect(errors(rules(1_000, then: "friction \"{amount.minor_units} {amount}\"")) == [])
    #expect(errors(rules(450, then: "friction \"{reason} {user_agent} {device_id}\"")) == [])
  }
}
