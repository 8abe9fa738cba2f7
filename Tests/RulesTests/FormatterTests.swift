import Testing

@testable import Rules

@Suite struct FormatterTests {
  private func format(_ text: String) -> String? {
    RuleFormatter.format(SourceFile(name: "test.rules", text: text)).text
  }

  @Test("the shipped rules are formatted, and formatting changes nothing of what they mean")
  func shippedRules() throws {
    let text = try RulesTests.shippedRules()
    #expect(format(text) == text)
    #expect(compile(text).ruleSet?.version == compile(format(text) ?? "").ruleSet?.version)
  }

  @Test("layout, parentheses and units become canonical; comments stay where they belong")
  func canonical() throws {
    let messy = """
      #  header


      # of the list
      list   quiet = "US" ,"CA"  # two of them
      let late=( hour in "Europe/Paris">=( 22 ) )
      counter c=count of order.create   where ((not was_successful) and reason=="x") by card.bin,client_ip/24
      rule r   # why
        then friction "a\\tb" and lock customer for 3600s
        # about when
        when (late or location.country in quiet) and
          # inside
          c over 1440m>5 and amount>1000 JPY
        on order.create
        mode live for 12.50% by customer_id
      # the end
      """
    let clean = """
      #  header

      # of the list
      list quiet = "US", "CA"  # two of them
      let late = hour in "Europe/Paris" >= 22
      counter c = count of order.create where not was_successful and reason == "x" by card.bin, client_ip/24

      rule r  # why
        on order.create
        # about when
        # inside
        when (late or location.country in quiet) and c over 24h > 5 and amount > 1000 JPY
        then friction "a\\tb" and lock customer for 1h
        mode live for 12.5% by customer_id

      """
    let formatted = try #require(format(messy))
    #expect(formatted == clean + "# the end\n")
    #expect(format(formatted) == formatted)
  }

  @Test("conditions and lists that are too long for a line are broken")
  func longLines() throws {
    let parts = (0..<9).map { "device_id != \"device\($0)\"" }
    let text = "rule r\n on a.b\n when \(parts.joined(separator: " and "))\n then allow"
    let formatted = try #require(format(text))
    #expect(formatted.contains("  when device_id != \"device0\"\n    and device_id != \"device1\"\n"))
    #expect(format(formatted) == formatted)
    let list = "list l = " + (0..<40).map { "\"element\($0)\"" }.joined(separator: ", ")
    let broken = try #require(format(list))
    #expect(broken.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(format(broken) == broken)
  }

  @Test("a file with errors in its syntax is not touched")
  func errors() {
    let result = RuleFormatter.format(SourceFile(name: "x", text: "rule"))
    #expect(result.text == nil)
    #expect(!result.diagnostics.isEmpty)
  }
}
