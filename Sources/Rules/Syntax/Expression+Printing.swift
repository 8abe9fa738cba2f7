/// Writes expressions in their canonical form: one blank between tokens, parentheses only where they are needed.
struct ExpressionPrinter {
  /// What stands for a name; `nil` leaves it as it is. Canonical definitions put named conditions in place this way.
  var replacement: (String) -> Expression? = { _ in nil }

  /// How tightly the parts of an expression hold together.
  private enum Binding: Int, Comparable {
    case any, all, not, predicate, sum, product, sign, primary

    static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
  }

  func print(_ expression: Expression) -> String { text(expression, atLeast: .any) }

  /// The parts that `and` or `or` joins, with the word; nothing when the expression is not joined.
  func parts(of expression: Expression) -> (word: String, parts: [String])? {
    switch expression.kind {
    case .all(let parts): ("and", parts.map { text($0, atLeast: .not) })
    case .any(let parts): ("or", parts.map { text($0, atLeast: .all) })
    default: nil
    }
  }

  private func text(_ expression: Expression, atLeast needed: Binding) -> String {
    if case .name(let name) = expression.kind, let replaced = replacement(name) {
      return text(replaced, atLeast: needed)
    }
    let (text, binding) = parts(expression.kind)
    return binding < needed ? "(\(text))" : text
  }

  private func parts(_ kind: Expression.Kind) -> (String, Binding) {
    switch kind {
    case .literal(let literal): (literal.printed, .primary)
    case .name(let name): (name, .primary)
    case .reading(let counter, let window, _): ("\(counter.text) over \(Literal.duration(window))", .sign)
    case .time(let part, let zone):
      (zone.text == "UTC" ? part.rawValue : "\(part.rawValue) in \(Literal.quoted(zone.text))", .primary)
    case .domain(let field): ("domain of \(text(field, atLeast: .primary))", .primary)
    case .distance(let start, let end):
      ("distance from \(text(start, atLeast: .sign)) to \(text(end, atLeast: .sign))", .sign)
    case .speed(let start, let end):
      ("speed from \(text(start, atLeast: .sign)) to \(text(end, atLeast: .sign))", .sign)
    case .negated(let inner): ("-\(text(inner, atLeast: .sign))", .sign)
    case .not(let inner): negation(inner)
    case .all(let parts): (parts.map { text($0, atLeast: .not) }.joined(separator: " and "), .all)
    case .any(let parts): (parts.map { text($0, atLeast: .all) }.joined(separator: " or "), .any)
    case .arithmetic(let operation, let left, let right): arithmetic(operation, left, right)
    default: (predicate(kind), .predicate)
    }
  }

  private func negation(_ inner: Expression) -> (String, Binding) {
    if case .member(let value, let collection) = inner.kind {
      return ("\(text(value, atLeast: .sum)) not in \(self.collection(collection))", .predicate)
    }
    if case .customerIsLocked = inner.kind { return ("customer is not locked", .predicate) }
    return ("not \(text(inner, atLeast: .not))", .not)
  }

  private func arithmetic(
    _ operation: Expression.Arithmetic, _ left: Expression, _ right: Expression
  ) -> (String, Binding) {
    let isSum = operation == .add || operation == .subtract
    let (own, next): (Binding, Binding) = isSum ? (.sum, .product) : (.product, .sign)
    return ("\(text(left, atLeast: own)) \(operation.rawValue) \(text(right, atLeast: next))", own)
  }

  private func predicate(_ kind: Expression.Kind) -> String {
    switch kind {
    case .comparison(let comparison, let left, let right):
      "\(text(left, atLeast: .sum)) \(comparison.rawValue) \(text(right, atLeast: .sum))"
    case .between(let value, let low, let high):
      "\(text(value, atLeast: .sum)) between \(text(low, atLeast: .sum)) and \(text(high, atLeast: .sum))"
    case .member(let value, let collection): "\(text(value, atLeast: .sum)) in \(self.collection(collection))"
    case .within(let value, let window): "\(text(value, atLeast: .sum)) within \(text(window, atLeast: .sum))"
    case .presence(let value, let isKnown): "\(text(value, atLeast: .sum)) is \(isKnown ? "known" : "missing")"
    case .text(let test, let value, let pattern):
      "\(text(value, atLeast: .sum)) \(test.rawValue) \(text(pattern, atLeast: .primary))"
    case .customerIsLocked: "customer is locked"
    default: ""
    }
  }

  private func collection(_ collection: Expression.Collection) -> String {
    switch collection {
    case .named(let name): name.text
    case .elements(let elements, _):
      "(\(elements.map { text($0, atLeast: .sign) }.joined(separator: ", ")))"
    }
  }
}
