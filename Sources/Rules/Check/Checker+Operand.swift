extension Checker {
  /// The values that a predicate looks at. It was checked before, so this reports nothing and counts nothing again.
  mutating func operands(of predicate: Expression) -> [Operand] {
    let before = (diagnostics, size)
    defer { (diagnostics, size) = before }
    size = ExpressionSize()
    if case .customerIsLocked = predicate.kind { return lockOperands(predicate.span) }
    return predicate.operands.compactMap { operand($0) }
  }

  /// A value, with what is read for it where it is computed.
  private mutating func operand(_ expression: Expression) -> Operand? {
    guard isReadable(expression) else { return nil }
    switch value(expression) {
    case .number(.constant, _): return nil
    case .number(let quantity, let type):
      let parts = expression.isComputed ? leaves(of: expression).compactMap { operand($0) } : []
      return Operand(expression: expression, content: .number(quantity, type), parts: parts)
    case .text(let source): return Operand(expression: expression, content: .text(source))
    case .address:
      return Operand(expression: expression, content: .text(TextSource(slot: Field.clientIP.rawValue)))
    case .condition(.flag(let slot)): return Operand(expression: expression, content: .flag(slot: slot))
    case .condition, .constantText, .rate, .failed: return nil
    }
  }

  private func leaves(of expression: Expression) -> [Expression] {
    expression.isComputed ? expression.operands.flatMap { leaves(of: $0) } : [expression]
  }

  /// Whether it is a value by itself, in any place. Conditions within conditions are noted where they are checked, and
  /// constants, be they words, say all by themselves.
  private func isReadable(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .reading, .time, .domain: return true
    case .name(let name):
      if let symbol = symbols[name] { if case .definition = symbol { return true } else { return false } }
      return Field(name: name) != nil || name.hasPrefix("attributes.") || ["amount", "location", "home"].contains(name)
    default: return expression.isComputed
    }
  }

  /// A named condition under its name. Names of single fields stay these fields, which more can be asked of.
  func noted(_ value: Value, _ name: Name) -> Value {
    guard case .condition(let condition) = value, case .noted = condition else { return value }
    let expression = Expression(kind: .name(name.text), span: name.span)
    return .condition(.noted(condition, ConditionNote(expression: expression)))
  }
}

extension Expression {
  /// The values that stand directly in it.
  fileprivate var operands: [Expression] {
    switch kind {
    case .comparison(_, let left, let right), .arithmetic(_, let left, let right): [left, right]
    case .distance(let from, let to), .speed(let from, let to): [from, to]
    case .between(let value, let low, let high): [value, low, high]
    case .within(let value, let window): [value, window]
    case .member(let value, _), .presence(let value, _), .text(_, let value, _): [value]
    case .negated(let inner): [inner]
    default: []
    }
  }

  /// Whether it is computed from other values.
  fileprivate var isComputed: Bool {
    switch kind {
    case .arithmetic, .distance, .speed, .negated: true
    default: false
    }
  }
}
