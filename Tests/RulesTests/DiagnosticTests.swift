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

  /// A file with one bad condition, and where it stands: line 3, from column 8 on.
  private func rule(_ condition: String) -> String { "rule r\n  on a.b\n  when \(condition)\n  then friction" }

  private static let counters =
    "counter c = count of a.b by id\ncounter spent = sum amount of a.b by id, amount.currency\n"

  @Test(
    "each mistake in a condition has its code and its place",
    arguments: [
      ("id == 'x'", ["E0001 3:14", "E0001 3:16"]), ("id == \"x", ["E0002 3:14"]), ("id == \"\\q\"", ["E0003 3:15"]),
      ("amount > 1.234 USD", ["E0004 3:17"]), ("clock == 25:00", ["E0004 3:17"]),
      ("amount.minor_units > 1234567890123456789", ["E0004 3:29"]), ("membership.started_at within 3x", ["E0005 3:37"]),
      ("membership.started_at within 30 d", ["E0011 3:40"]), ("id = \"x\"", ["E0011 3:11"]),
      ("idd == \"x\"", ["E0012 3:8"]), ("location.contry == \"US\"", ["E0012 3:8"]), ("amount > 5", ["E0020 3:17"]),
      ("amount.minor_units > 5.00 USD", ["E0020 3:29"]), ("membership.started_at > 30d", ["E0020 3:32"]),
      ("id", ["E0021 3:8"]), ("location == home", ["E0020 3:8"]), ("client_ip > \"1.2.3.4\"", ["E0020 3:8"]),
      ("was_successful == 1", ["E0020 3:8"]), ("category == finance", ["E0034 3:20"]),
      ("client_ip in (\"300.1.1.1\")", ["E0031 3:22"]), ("id in (\"a\", 5)", ["E0031 3:20"]),
      ("hour in \"America/New_Yorck\" > 5", ["E0027 3:16"]), ("hour between 5 and 24", ["E0033 3:8"]),
      ("amount.minor_units between 9 and 5", ["E0028 3:8"]), ("id contains \"\"", ["E0037 3:20"]),
      ("1 < 2 < 3", ["E0011 3:14"]), ("id == \"x\" &&  id == \"y\"", ["E0001 3:18", "E0001 3:19"]),
      ("r", ["E0020 3:8"]), ("id in nothing_known", ["E0012 3:14"]), ("distance from home to id > 5km", ["E0020 3:30"]),
      ("speed from home to location > 5km/h", ["E0020 3:19"]), ("id + 1 == 2", ["E0020 3:8"]),
      ("not id == \"x\" and", ["E0011 4:3"]), ("", ["E0011 4:3"]), ("attributes.KEY == \"x\"", ["E0017 3:8"]),
    ])
  func conditions(condition: String, expected: [String]) {
    #expect(diagnostics(rule(condition)) == expected)
  }

  @Test(
    "each mistake with counters has its code and its place",
    arguments: [
      ("c > 5", ["E0022 5:8"]), ("id over 24h == \"x\"", ["E0023 5:8"]), ("cc over 24h > 5", ["E0012 5:8"]),
      ("c over 24h > 5d", ["E0020 5:21"]), ("c over 24h > 5.00 USD", ["E0020 5:21"]),
      ("c over 1ms > 5", ["E0024 5:15"]),
      ("c over 401d > 5", ["E0024 5:15"]), ("c over 24h > c over 1h", ["E0025 5:8"]),
      ("c over 24h + 1 > 5", ["E0025 5:8"]), ("c over 24h > 10001", ["E0026 5:21"]),
      ("c over 24h > -1", ["E0026 5:21"]),
      ("c over 24 > 5", ["E0011 5:15"]), ("spent over 24h > 5", ["E0020 5:25"]), ("c", ["E0022 5:8"]),
    ])
  func counters(condition: String, expected: [String]) {
    let uses = "rule uses\n  on a.b\n  when c over 1h > 1 and spent over 1h > 5.00 USD\n  then allow\n"
    let text = Self.counters + "rule r\n  on a.b\n  when \(condition)\n  then friction\n" + uses
    #expect(diagnostics(text) == expected)
  }

  @Test(
    "each mistake in a declaration has its code and its place",
    arguments: [
      ("counter x = count of a.b", ["E0011 1:25"]), ("counter x = count id of a.b by id", ["E0011 1:19"]),
      ("counter x = cuont of a.b by id", ["E0011 1:13"]), ("counter x = count of ab by id", ["E0017 1:22"]),
      ("counter x = count of a.b by location", ["E0029 1:29"]), ("counter x = count of a.b by id/24", ["E0029 1:29"]),
      ("counter x = count of a.b by client_ip/200", ["E0033 1:29"]),
      ("counter x = sum id of a.b by id", ["E0039 1:17"]),
      ("counter x = sum amount of a.b by id", ["E0036 1:17"]), ("counter X = count of a.b by id", ["E0017 1:9"]),
      ("counter rule = count of a.b by id", ["E0016 1:9"]), ("counter id = count of a.b by id", ["E0016 1:9"]),
      ("counter x = count of a.b where y over 1h > 2 by id", ["E0012 1:32"]), ("let x = x", ["E0019 1:5"]),
      ("let x = y\nlet y = x", ["E0019 1:5"]), ("list x = 1, \"a\"", ["E0031 1:13"]),
      ("list x of colour = \"red\"", ["E0012 1:11"]),
      ("list x of country = \"us\"", ["E0031 1:21"]), ("list x of text from \"f\"", ["E0032 1:21"]),
      ("list x of address = \"10.0.0.1/8\"", ["E0031 1:21"]), ("list x = \"a\"\nlist x = \"b\"", ["E0013 2:6"]),
      ("rule x\n  on a.b", ["E0014 1:6"]), ("rule x\n  on a.b\n  on a.b\n  when true\n  then allow", ["E0015 3:3"]),
      ("rule x\n  on a.b\n  when true\n  then freeze", ["E0018 4:8"]),
      ("rule x\n  on a.b\n  when true\n  than allow", ["E0014 1:6", "E0011 4:3"]),
      ("rule x\n  on a.b\n  when true\n  then allow \"{id\"", ["E0038 4:15"]),
      ("rule x\n  on a.b\n  when true\n  then allow \"{}\"", ["E0011 4:16"]),
      ("rule x\n  on a.b\n  when true\n  then allow \"{location}\"", ["E0038 4:16"]),
      ("rule x\n  on a.b\n  when true\n  then allow and lock customer for 500d", ["E0033 4:36"]),
      ("rule x\n  on a.b\n  when true\n  then allow\n  mode live for 200% by id", ["E0033 5:17"]),
      ("rule x\n  on a.b\n  when true\n  then allow\n  severity hgih", ["E0011 5:12"]), ("hello", ["E0011 1:1"]),
      ("rule x on a.b when true then allow hello", ["E0011 1:36"]),
    ])
  func declarations(text: String, expected: [String]) {
    #expect(diagnostics(text) == expected)
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

  @Test("warnings leave the file usable")
  func warnings() {
    let compilation = compile(
      "list l = 1\ncounter c = count of a.b by id\ncounter d = count of a.b by id\n" + rule("d over 1h > 2"))
    #expect(compilation.ruleSet != nil)
    #expect(compilation.diagnostics.map(\.code) == [.unused, .unused, .sameCounter])
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
    let effects = Effect.allCases.compactMap(\.keyword)
    #expect(EditDistance.nearest(to: word, among: effects) == expected)
  }
}
