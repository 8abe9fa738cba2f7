import Spelling

extension Checker {
  static let weekdays: [String: Int64] = [
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
  ]

  /// What `expression` stands for; `expected` gives words of enumerated fields and texts of addresses their meaning.
  mutating func value(_ expression: Expression, expecting expected: ValueType? = nil) -> Value {
    level += 1
    defer { level -= 1 }
    size.add(at: level)
    guard !size.isTooLarge else { return tooLarge(expression.span) }
    switch expression.kind {
    case .literal(let literal): return value(of: literal, expecting: expected, expression.span)
    case .name(let text): return value(named: Name(text: text, span: expression.span), expecting: expected)
    case .reading(let counter, let window, let span): return reading(counter, window, span)
    case .time(let part, let zone): return time(part, zone, expression.span)
    case .domain(let inner): return domain(of: inner)
    case .distance(let from, let to): return distance(from, to)
    case .speed(let from, let to): return speed(from, to)
    case .negated(let inner): return negated(inner)
    case .arithmetic(let operation, let left, let right):
      return arithmetic(operation, left, right, expression.span)
    default: return check(expression).map { .condition($0) } ?? .failed
    }
  }

  private mutating func value(of literal: Literal, expecting expected: ValueType?, _ span: SourceSpan) -> Value {
    switch literal {
    case .boolean(let value): return .condition(.constant(value))
    case .integer(let value):
      return expected == .decimal ? scaled(.constant(value), span) : .number(.constant(value), .integer)
    case .decimal(let value): return .number(.constant(value), .decimal)
    case .text(let text):
      if case .choice(let field)? = expected { return choice(text, of: field, span) }
      return .constantText(text)
    case .duration(let value): return .number(.constant(value), .duration)
    case .money(let units, let currency): return .number(.inCurrency(.constant(units), currency), .money)
    case .clock(let value): return .number(.constant(value), .clock)
    case .time(let value): return .number(.constant(value), .time)
    case .distance(let value): return .number(.constant(value), .distance)
    case .speed(let value): return .number(.constant(value), .speed)
    case .rate(let count, let unit): return .rate(count, perMilliseconds: unit)
    case .share:
      diagnostics.report(.typeMismatch, "a share has no meaning here", span, "expected a value")
      return .failed
    }
  }

  /// A whole number as a decimal.
  func scaled(_ quantity: Quantity, _ span: SourceSpan) -> Value {
    guard case .constant(let value) = quantity else {
      return .number(.arithmetic(.multiply, quantity, .constant(1_000_000)), .decimal)
    }
    let (product, overflow) = value.multipliedReportingOverflow(by: 1_000_000)
    return .number(.constant(overflow ? (value < 0 ? .min : .max) : product), .decimal)
  }

  private mutating func value(named name: Name, expecting expected: ValueType?) -> Value {
    if case .choice(let field)? = expected, symbols[name.text] == nil { return choice(name.text, of: field, name.span) }
    if let symbol = symbols[name.text] { return value(of: symbol, name) }
    if let day = Self.weekdays[name.text] { return .number(.constant(day), .weekday) }
    switch name.text {
    case "location": return .number(.place(slot: Field.locationLatitude.rawValue), .place)
    case "home": return .number(.place(slot: Field.homeLatitude.rawValue), .place)
    case "amount": return .number(.slot(Field.amountMinorUnits.rawValue), .money)
    case "occurred_at": return .number(.now, .time)
    case "client_ip": return .address
    default: break
    }
    if Field(name: name.text) == nil, !name.text.hasPrefix("attributes.") {
      let names =
        Field.allCases.map(\.name) + symbols.keys.sorted() + Self.weekdays.keys.sorted() + [
          "amount", "location", "home",
        ]
      reportUnknown(name, among: names, what: "field or name")
      return .failed
    }
    guard let (slot, type) = field(name) else { return .failed }
    switch type {
    case .text: return .text(TextSource(slot: slot))
    case .boolean: return .condition(.flag(slot: slot))
    case .decimal: return .number(.decimalSlot(slot), .decimal)
    default: return .number(.slot(slot), type)
    }
  }

  private mutating func value(of symbol: Symbol, _ name: Name) -> Value {
    used.insert(name.text)
    switch symbol {
    case .definition(let index):
      let value = definition(index)
      // What was reported once is no reason to report whatever uses it.
      if case .failed = value { return .failed }
      if isInFilter, value.hasReading { return counterInFilter(name.span) }
      size.add(definitionSizes[index], at: level)
      return size.isTooLarge ? tooLarge(name.span) : noted(value, name)
    case .counter:
      diagnostics.report(
        .windowMissing, "`\(name.text)` needs a window", name.span, "a counter over which time?",
        help: "for example \(name.text) over 24h")
    case .list:
      diagnostics.report(
        .typeMismatch, "`\(name.text)` is a list", name.span, "expected a value",
        help: "ask whether a value is in it: location.country in \(name.text)")
    case .rule:
      diagnostics.report(.typeMismatch, "`\(name.text)` is a rule", name.span, "expected a value")
    }
    return .failed
  }

  private mutating func counterInFilter(_ span: SourceSpan) -> Value {
    reportCounterInFilter(span)
    return .failed
  }

  mutating func reportCounterInFilter(_ span: SourceSpan) {
    diagnostics.report(
      .counterInFilter, "a counter cannot depend on a counter", span, "expected fields of the activity",
      help: "put the comparison into the rule's `when`")
  }

  private mutating func tooLarge(_ span: SourceSpan) -> Value {
    diagnostics.report(
      .tooComplex, "this expression is too large", span,
      "more than \(Limits.maxExpressionPartsInPlace) parts or \(Limits.maxDepthInPlace) levels with its names in place")
    size = ExpressionSize()
    return .failed
  }

  private mutating func choice(_ word: String, of field: Field, _ span: SourceSpan) -> Value {
    if let number = field.choices[word] { return .number(.constant(number), .choice(field)) }
    diagnostics.report(
      .unknownChoice, "`\(word.prefix(80))` is no word of \(field.name)", span,
      "expected \(field.choices.keys.sorted().joined(separator: ", "))",
      help: nearest(to: word, among: field.choices.keys.sorted()).map { "did you mean \($0)?" })
    return .failed
  }

  private mutating func reading(_ name: Name, _ window: Int64, _ span: SourceSpan) -> Value {
    used.insert(name.text)
    guard case .counter(let index)? = symbols[name.text] else {
      if symbols[name.text] == nil, Field(name: name.text) == nil {
        reportUnknown(name, among: counters.map(\.name.text), what: "counter")
      } else {
        diagnostics.report(.windowMisplaced, "`\(name.text)` is no counter", name.span, "only a counter has a window")
      }
      return .failed
    }
    guard (Limits.minWindowMilliseconds...Limits.maxWindowMilliseconds).contains(window) else {
      diagnostics.report(
        .windowOutOfRange, "a window of \(Literal.duration(window))", span, "expected 1s to 400d")
      return .failed
    }
    if isInFilter { return counterInFilter(name.span) }
    guard let counter = counter(index) else { return .failed }
    return .number(.reading(Reading(counter: counter, window: window)), checked.counters[counter].type)
  }

  private mutating func time(_ part: Expression.TimePart, _ zone: Name, _ span: SourceSpan) -> Value {
    guard let index = self.zone(zone) else { return .failed }
    let type: ValueType
    switch part {
    case .hour: type = .integer
    case .weekday: type = .weekday
    case .clock: type = .clock
    }
    return .number(.time(part, zone: index), type)
  }

  /// The number of a time zone, whose offsets are tabulated when it is first met.
  private mutating func zone(_ name: Name) -> Int? {
    if let index = checked.zones.firstIndex(of: name.text) { return index }
    guard !diagnostics.isFull else { return nil }
    guard checked.zones.count < Limits.maxTimeZones else {
      diagnostics.report(
        .tooMany, "too many time zones", name.span, "at most \(Limits.maxTimeZones) in one file")
      return nil
    }
    guard let table = ZoneTable(name: name.text) else {
      let near = nearest(to: name.text, among: ZoneTable.knownNames)
      diagnostics.report(
        .unknownTimeZone, "there is no time zone `\(name.text.prefix(80))`", name.span, "expected an IANA name",
        help: near.map { "did you mean \"\($0)\"?" } ?? "for example \"America/New_York\"")
      return nil
    }
    checked.zones.append(name.text)
    checked.zoneTables.append(table)
    return checked.zones.count - 1
  }

  private mutating func domain(of inner: Expression) -> Value {
    switch value(inner) {
    case .text(let source): return .text(TextSource(slot: source.slot, isDomain: true))
    case .failed: return .failed
    case let other:
      mismatch("only a text has a domain", inner.span, wanted: .text, found: other.type)
      return .failed
    }
  }

  mutating func mismatch(
    _ message: String, _ span: SourceSpan, wanted: ValueType, found: ValueType, help: String? = nil
  ) {
    diagnostics.report(
      .typeMismatch, message, span, "expected \(wanted.description), found \(found.description)", help: help)
  }
}
