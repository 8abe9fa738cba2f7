import Testing

@testable import Rules

@Suite struct DiagnosticTests {
  private func diagnostics(_ text: String) -> [String] {
    let compilation = compile(text)
    return compilation.diagnostics.map { diagnostic in
      let position = compilation.file.position(of: diagnostic.span.start)
      return "\(diagnostic.code.rawValue) \(position.line):\(position.column)"
    }
  }

  @Test("all mistakes of a file are found at once, none twice, and in its order")
  func allAtOnce() {
    let text = """
      counter a = count of order.create by custmer_id
      counter b = coutn of order.create by customer_id
      rule one
        on order.create
        when a over 1h > 1 and b over 1h > 2
        then frction
      rule two
        on order.create
        when a over 1h > 5d and lcation.country == "US"
        then friction
      """
    #expect(diagnostics(text) == ["E0012 1:38", "E0011 2:13", "E0018 6:8", "E0012 9:27"])
  }

  @Test("an error shows the place, what is wrong there, and the remedy")
  func rendering() throws {
    let compilation = compile(
      "rule r\n  on order.create\n\twhen  reason == \"größe\" or locaton.country == \"US\"\n  then allow")
    let rendered = compilation.diagnostics.map { $0.rendered(in: compilation.file) }
    #expect(
      rendered.last == """
        error[E0012]: there is no field or name `locaton.country`
         --> test.rules:3:29
          |
        3 |  when  reason == "größe" or locaton.country == "US"
          |                             ^^^^^^^^^^^^^^^ not known
          = help: did you mean location.country?
        """)
  }

  @Test("a very long line is shown in part")
  func longLine() throws {
    let compilation = compile("let a = \(String(repeating: "true and ", count: 900))bad")
    let rendered = try #require(compilation.diagnostics.first?.rendered(in: compilation.file))
    #expect(rendered.split(separator: "\n").allSatisfy { $0.utf8.count < 300 })
  }

  @Test("every code has an explanation, and the reference has it word for word")
  func explanations() throws {
    let reference = try repositoryFile("Protocol/rules.md")
    for code in DiagnosticCode.allCases {
      #expect(reference.contains("| `\(code.rawValue)` | \(code.explanation) |"), "\(code)")
    }
    #expect(DiagnosticCode("e0012") == .unknownName)
  }

  @Test(
    "near names are offered, far ones are not",
    arguments: [
      ("frictoin", "friction"), ("acess_blocked", "access_blocked"), ("xyz", nil), ("alow", "allow"), ("", nil),
    ])
  func suggestions(word: String, expected: String?) {
    let compilation = compile("rule r on a.b when true then \(word)")
    #expect(compilation.diagnostics.first?.help == expected.map { "did you mean \($0)?" })
  }
}
