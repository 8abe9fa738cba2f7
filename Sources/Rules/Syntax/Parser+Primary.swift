import Spelling

extension Parser {
  mutating func primary() throws(Failure) -> Expression {
    let start = current.span.start
    if accept(.leftParenthesis) { return try parenthesized(from: start) }
    switch word {
    case "hour", "weekday", "clock": return try timePart()
    case "distance": return try travel { .distance(from: $0, to: $1) }
    case "speed": return try travel { .speed(from: $0, to: $1) }
    case "domain":
      advance()
      try expect(word: "of", help: "write: domain of attributes.email")
      let name = try anyWord("a field")
      return try node(.domain(of: Expression(kind: .name(name.text), span: name.span)), start)
    default: return try literalOrWord()
    }
  }

  /// `distance from PLACE to PLACE`.
  private mutating func travel(
    _ kind: (Expression, Expression) -> Expression.Kind
  ) throws(Failure) -> Expression {
    let start = current.span.start
    advance()
    try expect(word: "from", help: "write: distance from home to location")
    let from = try reading()
    try expect(word: "to", help: "write: distance from home to location")
    return try node(kind(from, try reading()), start)
  }

  private mutating func parenthesized(from start: Int) throws(Failure) -> Expression {
    var inner = try nested { parser throws(Failure) in try parser.disjunction() }
    try expect(.rightParenthesis, "`)`")
    inner.span = span(from: start)
    return inner
  }

  /// `hour in "America/New_York"`; without a zone, UTC.
  private mutating func timePart() throws(Failure) -> Expression {
    let at = current.span
    guard let part = word.flatMap(Expression.TimePart.init) else { throw unexpected("hour, weekday or clock") }
    advance()
    guard word == "in", tokens[min(index + 1, tokens.count - 1)].kind == .text else {
      return try node(.time(part, zone: Name(text: "UTC", span: at)), at.start)
    }
    advance()
    return try node(.time(part, zone: try text("a time zone")), at.start)
  }

  /// A constant, or a bare word.
  mutating func literalOrWord() throws(Failure) -> Expression {
    let start = current.span.start
    switch current.kind {
    case .text: return try node(.literal(.text(try text("a text").text)), start)
    case .number: return try node(.literal(try number()), start)
    case .minus:
      advance()
      guard current.kind == .number else { throw unexpected("a number") }
      return try node(.literal(try negated(try number(), start)), start)
    default: break
    }
    guard let word else { throw unexpected("a value") }
    if word == "true" || word == "false" {
      advance()
      return try node(.literal(.boolean(word == "true")), start)
    }
    guard !Self.reservedWords.contains(word) else { throw unexpected("a value") }
    advance()
    return try node(.name(word), start)
  }

  private mutating func negated(_ literal: Literal, _ start: Int) throws(Failure) -> Literal {
    switch literal {
    case .integer(let value): return .integer(-value)
    case .decimal(let value): return .decimal(-value)
    case .money(let units, let currency): return .money(minorUnits: -units, currency: currency)
    case .duration(let value): return .duration(-value)
    default:
      diagnostics.report(.malformedNumber, "this has no negative", span(from: start), "expected a number")
      throw Failure()
    }
  }

  /// A number with its unit, or an amount of money: `100.00 USD`.
  private mutating func number() throws(Failure) -> Literal {
    let span = current.span
    let text = file.text(span)
    if let currency = wordAhead(1), Currency.isCode(currency) {
      let digits = Currency.fractionDigits(currency)
      if let units = FixedPoint(text.filter { $0 != "_" })?.scaled(by: FixedPoint.power(digits)) {
        advance()
        advance()
        return .money(minorUnits: units, currency: currency)
      }
      diagnostics.report(
        .malformedNumber, "`\(text)` is no amount of \(currency)", span,
        "expected a number with at most \(digits) decimals")
      throw Failure()
    }
    switch NumberLiteral.parse(text) {
    case .success(.integer(let count)) where wordAhead(1) == "per":
      advance()
      return try rate(count)
    case .success(.decimal) where wordAhead(1) == "per":
      diagnostics.report(
        .malformedNumber, "a rate of `\(text)`", span, "expected a whole number",
        help: "say it of a longer time: 30 per hour is 0.5 per minute")
      throw Failure()
    case .success(let literal):
      advance()
      return literal
    case .failure(let failure): throw reportNumber(failure, text, span)
    }
  }

  /// `per minute`.
  private mutating func rate(_ count: Int64) throws(Failure) -> Literal {
    advance()
    let units = NumberLiteral.rateUnits
    guard let word, let (_, milliseconds) = units.first(where: { $0.unit == word }) else {
      throw unexpected("one of \(units.map(\.unit).joined(separator: ", "))", help: nearestWord(Set(units.map(\.unit))))
    }
    advance()
    return .rate(count, perMilliseconds: milliseconds)
  }

  /// What a malformed number was meant to be, and how that is written.
  private static func form(of text: String) -> (what: String, expected: String) {
    if text.contains("-") { return ("date", "a day of the calendar, YYYY-MM-DD") }
    if text.contains(":") { return ("time of day", "00:00 to 23:59, both with two digits") }
    return ("number", "digits, at most 6 of them behind one point")
  }

  private mutating func reportNumber(_ failure: NumberLiteral.Failure, _ text: String, _ span: SourceSpan) -> Failure {
    let shown = text.prefix(40)
    switch failure {
    case .malformed:
      let (what, expected) = Self.form(of: text)
      diagnostics.report(.malformedNumber, "`\(shown)` is no \(what)", span, "expected \(expected)")
    case .tooLarge: diagnostics.report(.malformedNumber, "`\(shown)` is too large", span, "at most 18 digits")
    case .unknownUnit(let unit):
      let known = NumberLiteral.durations.map(\.unit) + ["%", "km", "mi", "km/h", "mi/h"]
      diagnostics.report(
        .unknownUnit, "there is no unit `\(unit.prefix(40))`", span, "expected one of \(known.joined(separator: ", "))",
        help: nearest(to: unit, among: known).map { "did you mean \($0)?" })
    }
    advance()
    return Failure()
  }

  /// The text of a literal without its quotes, escapes resolved.
  mutating func unescaped(_ span: SourceSpan) -> String {
    let raw = file.bytes[span.start + 1..<span.end - 1]
    guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
    var bytes: [UInt8] = []
    var offset = raw.startIndex
    while offset < raw.endIndex {
      guard raw[offset] == UInt8(ascii: "\\"), offset + 1 < raw.endIndex else {
        bytes.append(raw[offset])
        offset += 1
        continue
      }
      switch raw[offset + 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): bytes.append(raw[offset + 1])
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
      default:
        diagnostics.report(
          .badEscape, "an unknown escape in a text", SourceSpan(offset, offset + 2),
          "expected \\\" \\\\ \\{ \\} \\n or \\t", help: "write \\\\ for a backslash")
      }
      offset += 2
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
