extension Checker {
  /// The condition that `expression` is, or nothing when it is broken or none.
  mutating func condition(_ expression: Expression) -> Condition? {
    switch value(expression) {
    case .condition(let condition): return condition
    case .failed: return nil
    case let other:
      diagnostics.report(
        .notACondition, "this is no condition", expression.span,
        "expected a comparison, found \(other.type.description)",
        help: other.type.isNumeric ? "compare it, for example with >" : nil)
      return nil
    }
  }

  /// Everything that is true or false, with a note of how it is written.
  mutating func check(_ expression: Expression) -> Condition? {
    plain(expression).map { .noted($0, ConditionNote(expression: expression, operands: operands(of: expression))) }
  }

  private mutating func plain(_ expression: Expression) -> Condition? {
    switch expression.kind {
    case .not(let inner): return condition(inner).map { .not($0) }
    case .all(let parts): return parts.map { condition($0) }.allKnown.map { .all($0) }
    case .any(let parts): return parts.map { condition($0) }.allKnown.map { .any($0) }
    case .comparison(let comparison, let left, let right): return compare(comparison, left, right, expression.span)
    case .between(let value, let low, let high): return between(value, low, high, expression.span)
    case .member(let value, let collection): return member(value, collection)
    case .within(let value, let window): return within(value, window)
    case .presence(let value, let isKnown): return presence(value, isKnown)
    case .text(let test, let value, let pattern): return text(test, value, pattern)
    case .customerIsLocked: return customerIsLocked(expression.span)
    default: return nil
    }
  }

  private mutating func compare(
    _ comparison: Expression.Comparison, _ leftSide: Expression, _ rightSide: Expression, _ span: SourceSpan
  ) -> Condition? {
    let left = value(leftSide)
    let right = value(rightSide, expecting: left.type)
    switch (left, right) {
    case (.failed, _), (_, .failed): return nil
    case (.number(.reading(let reading), .rate), .rate(let count, let unit)):
      return compareRate(comparison, reading, (count, unit), rightSide)
    case (.number(_, .place), .number(_, .place)):
      diagnostics.report(
        .typeMismatch, "places are compared by their parts", span, "expected for example location.country",
        help: "or ask how far apart they are: distance from home to location > 100km")
      return nil
    case (.number(let leftQuantity, let leftType), .number(let rightQuantity, let rightType)):
      guard let (first, second) = unified((leftQuantity, leftType, leftSide), (rightQuantity, rightType, rightSide))
      else { return nil }
      if !leftType.isOrdered, comparison != .equal, comparison != .notEqual { return unordered(leftType, span) }
      return compareNumbers(comparison, first, second, leftSide, rightSide)
    case (.condition(let condition), .condition(.constant(let wanted))):
      guard comparison == .equal || comparison == .notEqual else { return unordered(.boolean, span) }
      return (comparison == .equal) == wanted ? condition : .not(condition)
    case (.condition, _), (_, .condition):
      diagnostics.report(
        .typeMismatch, "a condition is not compared", span, "expected a value on either side",
        help: "join conditions with and, or, not")
      return nil
    default:
      guard comparison == .equal || comparison == .notEqual else { return unordered(left.type, span) }
      let equal = same(left, right, leftSide, rightSide)
      return comparison == .equal ? equal : equal.map { .not($0) }
    }
  }

  private mutating func unordered(_ type: ValueType, _ span: SourceSpan) -> Condition? {
    diagnostics.report(
      .typeMismatch, "\(type.description) has no order", span, "expected == or !=")
    return nil
  }

  /// Whether two texts, or an address and a constant, are the same.
  private mutating func same(
    _ left: Value, _ right: Value, _ leftSide: Expression, _ rightSide: Expression
  ) -> Condition? {
    switch (left, right) {
    case (.text(let source), .constantText(let text)):
      warnOfForeignConstant(text, for: source, rightSide)
      return .text(source, equals: text)
    case (.constantText(let text), .text(let source)):
      warnOfForeignConstant(text, for: source, leftSide)
      return .text(source, equals: text)
    case (.text(let first), .text(let second)): return .sameText(first, second)
    case (.address, .constantText): return settle([rightSide], name: "", type: .address).map { .address(list: $0) }
    case (.constantText, .address): return settle([leftSide], name: "", type: .address).map { .address(list: $0) }
    case (.number(.reading(let reading), .rememberedText), .text(let source)),
      (.text(let source), .number(.reading(let reading), .rememberedText)):
      return .remembered(reading, KeyPart(slot: source.slot, derivation: source.isDomain ? .domain : .text))
    case (.number(.reading(let reading), .rememberedAddress), .address),
      (.address, .number(.reading(let reading), .rememberedAddress)):
      return .remembered(reading, KeyPart(slot: Field.clientIP.rawValue, derivation: .address))
    case (.number(_, .rememberedText), .constantText), (.constantText, .number(_, .rememberedText)):
      diagnostics.report(
        .typeMismatch, "what is remembered is no longer readable", leftSide.span.joined(with: rightSide.span),
        "expected a field of the activity on the other side",
        help: "a counter with `where` counts what equals a constant")
    case (.constantText, .constantText):
      diagnostics.report(
        .typeMismatch, "two constants", leftSide.span.joined(with: rightSide.span), "expected a field on one side")
    default:
      mismatch(
        "\(right.type.description) is not \(left.type.description)", rightSide.span, wanted: left.type,
        found: right.type)
    }
    return nil
  }

  /// Both sides in one unit; reports sides whose types differ.
  mutating func unified(
    _ left: (quantity: Quantity, type: ValueType, side: Expression),
    _ right: (quantity: Quantity, type: ValueType, side: Expression)
  ) -> (Quantity, Quantity)? {
    if left.type == .money, right.type == .money {
      warnOfUnknownCurrency(left.quantity, left.side)
      warnOfUnknownCurrency(right.quantity, right.side)
      return inOneCurrency(left.quantity, right.quantity)
    }
    if left.type == right.type { return (left.quantity, right.quantity) }
    if left.type == .integer, right.type == .decimal,
      case .number(let scaled, _) = scaled(left.quantity, left.side.span)
    {
      guard isFree(left.quantity, left.side.span) else { return nil }
      return (scaled, right.quantity)
    }
    if left.type == .decimal, right.type == .integer,
      case .number(let scaled, _) = scaled(right.quantity, right.side.span)
    {
      guard isFree(right.quantity, right.side.span) else { return nil }
      return (left.quantity, scaled)
    }
    mismatch(
      "\(right.type.description) is not \(left.type.description)", right.side.span, wanted: left.type,
      found: right.type, help: remedy(left.type, right.type, right.quantity))
    return nil
  }

  /// Amounts of the activity are compared with a constant only in the constant's currency.
  private func inOneCurrency(_ left: Quantity, _ right: Quantity) -> (Quantity, Quantity) {
    switch (left, right) {
    case (.inCurrency(let constant, let currency), .inCurrency(let other, _)): (.inCurrency(constant, currency), other)
    case (.inCurrency(let constant, let currency), let other): (constant, .inCurrency(other, currency))
    case (let other, .inCurrency(let constant, let currency)): (.inCurrency(other, currency), constant)
    default: (left, right)
    }
  }

  private func remedy(_ left: ValueType, _ right: ValueType, _ quantity: Quantity) -> String? {
    switch (left, right) {
    case (.money, .integer): "write the amount with its currency, for example 100.00 USD"
    case (.integer, .duration): "a count is a whole number; the window stands behind `over`"
    case (.integer, .money): "a count is a whole number; amounts are compared with `amount`"
    case (.duration, .integer): "write the unit, for example 30d"
    case (.time, .duration): "for the age of a time write: within 30d"
    default: nil
    }
  }
}

extension Array {
  /// The elements, if all are there.
  func compacted<Element2>() -> [Element2]? where Element == Element2? {
    let known = compactMap { $0 }
    return known.count == count ? known : nil
  }
}

extension Array where Element == Condition? {
  var allKnown: [Condition]? { compacted() }
}
