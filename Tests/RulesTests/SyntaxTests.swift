import Testing

@testable import Rules

/// Tokens, literals and precedence, before any name means anything.
@Suite struct SyntaxTests {
  private func tokens(_ text: String) -> [String] {
    let file = SourceFile(name: "x", text: text)
    return Lexer.tokens(of: file).tokens.dropLast().map { file.text($0.span) }
  }

  @Test(
    "text is split where people see words",
    arguments: [
      ("a.b_c>=5", ["a.b_c", ">=", "5"]), ("client_ip/24", ["client_ip", "/", "24"]), ("900km/h", ["900km/h"]),
      ("10% by x", ["10%", "by", "x"]), ("30-5", ["30", "-", "5"]), ("2026-01-31", ["2026-01-31"]),
      ("2026-1", ["2026", "-", "1"]), ("01:30", ["01:30"]), ("5.25 USD", ["5.25", "USD"]),
      ("customer.*,", ["customer.*", ","]),
      ("\"a # b\" # c", ["\"a # b\""]), ("\"\\\"\"x", ["\"\\\"\"", "x"]), ("a==b", ["a", "==", "b"]),
      ("a=b", ["a", "=", "b"]),
      ("1_000.5", ["1_000.5"]), ("5km/hour", ["5km", "/", "hour"]), ("", []),
    ])
  func splitting(text: String, expected: [String]) {
    #expect(tokens(text) == expected)
  }

  @Test(
    "numbers have the unit that is glued to them",
    arguments: [
      ("5", .integer(5)), ("1_000", .integer(1000)), ("2.5", .decimal(2_500_000)), ("48h", .duration(172_800_000)),
      ("1.5d", .duration(129_600_000)), ("250ms", .duration(250)), ("2w", .duration(1_209_600_000)),
      ("12.5%", .share(1250)),
      ("5km", .distance(5000)), ("1mi", .distance(1609)), ("900km/h", .speed(900_000)), ("01:30", .clock(90)),
      ("23:59", .clock(1439)), ("1970-01-02", .time(86_400_000)), ("2024-02-29", .time(1_709_164_800_000)),
    ] as [(String, Literal)])
  func literals(text: String, expected: Literal) {
    #expect(NumberLiteral.parse(text) == .success(expected))
  }

  @Test(
    "what is no number says why",
    arguments: [
      ("24:00", .malformed), ("1:30", .malformed), ("2023-02-29", .malformed), ("2026-13-01", .malformed),
      ("1969-12-31", .malformed), ("1.", .malformed), ("1..2", .malformed), ("1.1234567", .malformed),
      ("0.0001s", .tooLarge),
      ("9999999999999999999", .tooLarge), ("999999999999999999w", .tooLarge), ("5x", .unknownUnit("x")),
    ] as [(String, NumberLiteral.Failure)])
  func noLiterals(text: String, expected: NumberLiteral.Failure) {
    #expect(NumberLiteral.parse(text) == .failure(expected))
  }

  @Test(
    "every literal is printed so that it reads back the same",
    arguments: [
      .integer(-7), .integer(0), .decimal(2_500_000), .decimal(-1), .duration(1), .duration(86_400_000),
      .duration(90_000),
      .duration(604_800_000), .clock(0), .clock(1439), .time(1_709_164_800_000), .distance(1609), .distance(5000),
      .speed(900_000), .share(1250), .text("a\"b\\c\n\té"), .boolean(true), .money(minorUnits: 1205, currency: "USD"),
      .money(minorUnits: 1205, currency: "JPY"), .money(minorUnits: 1205, currency: "KWD"),
      .rate(10, perMilliseconds: 60_000),
    ] as [Literal])
  func printing(literal: Literal) throws {
    #expect(
      try parsed("\(literal.printed) in l").kind
        == .member(
          Expression(kind: .literal(literal), span: SourceSpan(0, 0)), .named(Name(text: "l", span: SourceSpan(0, 0)))))
  }

  @Test(
    "parentheses show how tightly things hold",
    arguments: [
      ("a or b and c", "a or b and c"), ("(a or b) and c", "(a or b) and c"), ("a or (b and c)", "a or b and c"),
      ("not a and b", "not a and b"), ("not (a and b)", "not (a and b)"), ("not not a", "not not a"),
      ("not (a == b)", "not a == b"), ("1 + 2 * 3 == a", "1 + 2 * 3 == a"), ("(1 + 2) * 3 == a", "(1 + 2) * 3 == a"),
      ("1 - (2 - 3) == a", "1 - (2 - 3) == a"), ("(1 - 2) - 3 == a", "1 - 2 - 3 == a"),
      ("-(1 + 2) == a", "-(1 + 2) == a"),
      ("a not in (1, -2)", "a not in (1, -2)"), ("not (a in l)", "a not in l"),
      ("(a in l) == true", "(a in l) == true"),
      ("a between 1 and 2 and b", "a between 1 and 2 and b"), ("c over 60m > 1", "c over 1h > 1"),
      ("speed from c over 1h to location > 5km/h", "speed from c over 1h to location > 5km/h"),
      ("domain of a == \"x\"", "domain of a == \"x\""), ("hour in \"UTC\" == 5", "hour == 5"),
      ("a is missing", "a is missing"),
      ("a starts with \"x\" or a matches \"*\"", "a starts with \"x\" or a matches \"*\""),
    ])
  func precedence(text: String, expected: String) throws {
    let printed = ExpressionPrinter().print(try parsed(text))
    #expect(printed == expected)
    #expect(ExpressionPrinter().print(try parsed(printed)) == expected)
  }

  @Test(
    "places in a file are counted as people count them",
    arguments: [
      (0, 1, 1), (1, 1, 2), (3, 1, 3), (4, 2, 1), (6, 3, 1), (99, 3, 1),
    ])
  func positions(offset: Int, line: Int, column: Int) {
    let position = SourceFile(name: "x", text: "aé\n\r\n").position(of: offset)
    #expect(position == SourceFile.Position(line: line, column: column))
  }

  /// The expression, with all places wiped so that it compares by what it says.
  private func parsed(_ text: String) throws -> Expression {
    let file = SourceFile(name: "x", text: text)
    var parser = Parser(file: file, lexer: Lexer.tokens(of: file))
    let expression = try parser.wholeExpression()
    #expect(parser.diagnostics.all.isEmpty)
    guard case .member(let value, .named(let name)) = expression.kind else { return expression }
    var kind = value.kind
    // A sign is read apart from its number.
    if case .negated(let inner) = kind, case .literal(let literal) = inner.kind {
      switch literal {
      case .integer(let number): kind = .literal(.integer(-number))
      case .decimal(let number): kind = .literal(.decimal(-number))
      default: break
      }
    }
    let nowhere = SourceSpan(0, 0)
    return Expression(
      kind: .member(Expression(kind: kind, span: nowhere), .named(Name(text: name.text, span: nowhere))), span: nowhere)
  }
}
