extension Parser {
  /// An expression with fresh bounds on its size and nesting.
  mutating func wholeExpression() throws(Failure) -> Expression {
    expressionNodes = 0
    return try disjunction()
  }

  /// Counts a part of an expression, so that no source makes trees that are deep or large.
  mutating func node(_ kind: Expression.Kind, _ start: Int) throws(Failure) -> Expression {
    expressionNodes += 1
    let span = span(from: start)
    if expressionNodes > Limits.maxExpressionNodes {
      diagnostics.report(
        .tooComplex, "this expression is too large", span, "at most \(Limits.maxExpressionNodes) parts",
        help: "name parts of it with `let`, or use a list")
      throw Failure()
    }
    return Expression(kind: kind, span: span)
  }

  /// Reads what nests, one level deeper.
  mutating func nested(
    _ body: (inout Parser) throws(Failure) -> Expression
  ) throws(Failure) -> Expression {
    depth += 1
    defer { depth -= 1 }
    if depth > Limits.maxNesting {
      diagnostics.report(
        .tooDeep, "nested too deeply", current.span, "at most \(Limits.maxNesting) levels",
        help: "name parts of it with `let`")
      throw Failure()
    }
    return try body(&self)
  }

  mutating func disjunction() throws(Failure) -> Expression {
    let start = current.span.start
    var parts = [try conjunction()]
    while accept(word: "or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : try node(.any(parts), start)
  }

  private mutating func conjunction() throws(Failure) -> Expression {
    let start = current.span.start
    var parts = [try negation()]
    while accept(word: "and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : try node(.all(parts), start)
  }

  private mutating func negation() throws(Failure) -> Expression {
    let start = current.span.start
    guard accept(word: "not") else { return try predicate() }
    let operand = try nested { parser throws(Failure) in try parser.negation() }
    return try node(.not(operand), start)
  }

  /// A value, or a value and what is asked about it.
  private mutating func predicate() throws(Failure) -> Expression {
    let start = current.span.start
    if asksForCustomer { return try customerState() }
    let left = try sum()
    if let comparison = comparison(current.kind) {
      advance()
      let right = try sum()
      if self.comparison(current.kind) != nil {
        throw unexpected("`and`, `or` or the end", help: "comparisons do not chain: write a < b and b < c")
      }
      return try node(.comparison(comparison, left, right), start)
    }
    return try wordPredicate(left, start)
  }

  /// `customer is`, but not the question whether something of that name is there.
  private var asksForCustomer: Bool {
    word == "customer" && wordAhead(1) == "is" && wordAhead(2) != "known" && wordAhead(2) != "missing"
  }

  /// `customer is locked`, `customer is not locked`.
  private mutating func customerState() throws(Failure) -> Expression {
    let start = current.span.start
    advance()
    advance()
    let isNegated = accept(word: "not")
    try expect(word: "locked", help: "write `customer is locked` or `customer is not locked`")
    let state = try node(.customerIsLocked, start)
    return isNegated ? try node(.not(state), start) : state
  }

  private mutating func wordPredicate(_ left: Expression, _ start: Int) throws(Failure) -> Expression {
    switch word {
    case "between":
      advance()
      let low = try sum()
      try expect(word: "and", help: "write between A and B; both are included")
      return try node(.between(left, low, try sum()), start)
    case "in":
      advance()
      return try node(.member(left, try collection()), start)
    case "not" where wordAhead(1) == "in":
      advance()
      advance()
      let member = try node(.member(left, try collection()), start)
      return try node(.not(member), start)
    case "within":
      advance()
      return try node(.within(left, window: try sum()), start)
    case "is":
      advance()
      if accept(word: "known") { return try node(.presence(left, isKnown: true), start) }
      try expect(word: "missing", help: "write `is known` or `is missing`")
      return try node(.presence(left, isKnown: false), start)
    default: return try textPredicate(left, start)
    }
  }

  private mutating func textPredicate(_ left: Expression, _ start: Int) throws(Failure) -> Expression {
    let test: Expression.TextTest
    switch word {
    case "starts": test = .startsWith
    case "ends": test = .endsWith
    case "contains": test = .contains
    case "matches": test = .matches
    default: return left
    }
    advance()
    if test == .startsWith || test == .endsWith { try expect(word: "with") }
    return try node(.text(test, left, pattern: try primary()), start)
  }

  private func comparison(_ kind: Token.Kind) -> Expression.Comparison? {
    switch kind {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    default: nil
    }
  }

  private mutating func collection() throws(Failure) -> Expression.Collection {
    let start = current.span.start
    if accept(.leftParenthesis) {
      let elements = try elements()
      try expect(.rightParenthesis, "`)`")
      return .elements(elements, span(from: start))
    }
    return .named(try anyWord("a list: its name, or constants between parentheses"))
  }

  private mutating func sum() throws(Failure) -> Expression {
    let start = current.span.start
    var left = try product()
    while current.kind == .plus || current.kind == .minus {
      let operation: Expression.Arithmetic = current.kind == .plus ? .add : .subtract
      advance()
      left = try node(.arithmetic(operation, left, try product()), start)
    }
    return left
  }

  private mutating func product() throws(Failure) -> Expression {
    let start = current.span.start
    var left = try sign()
    while current.kind == .star || current.kind == .slash {
      let operation: Expression.Arithmetic = current.kind == .star ? .multiply : .divide
      advance()
      left = try node(.arithmetic(operation, left, try sign()), start)
    }
    return left
  }

  private mutating func sign() throws(Failure) -> Expression {
    let start = current.span.start
    guard accept(.minus) else { return try reading() }
    let operand = try nested { parser throws(Failure) in try parser.sign() }
    return try node(.negated(operand), start)
  }

  /// A value, or a counter over a window.
  mutating func reading() throws(Failure) -> Expression {
    let start = current.span.start
    let value = try primary()
    guard accept(word: "over") else { return value }
    guard case .name(let text) = value.kind else {
      diagnostics.report(
        .windowMisplaced, "only a counter has a window", value.span, "expected the name of a counter")
      throw Failure()
    }
    let at = current.span
    guard current.kind == .number, case .success(.duration(let window)) = NumberLiteral.parse(file.text(at))
    else { throw unexpected("the length of the window", help: "for example over 24h; units are s, m, h, d, w") }
    advance()
    return try node(.reading(counter: Name(text: text, span: value.span), window: window, at), start)
  }
}
