extension Checker {
  mutating func negated(_ inner: Expression) -> Value {
    switch value(inner) {
    case .number(.constant(let constant), let type) where constant != .min: return .number(.constant(-constant), type)
    case .number(let quantity, let type) where type == .integer || type == .decimal || type == .duration:
      guard isFree(quantity, inner.span) else { return .failed }
      return .number(.arithmetic(.subtract, .constant(0), quantity), type)
    case .failed: return .failed
    case let other:
      mismatch("this has no negative", inner.span, wanted: .integer, found: other.type)
      return .failed
    }
  }

  mutating func arithmetic(
    _ operation: Expression.Arithmetic, _ leftSide: Expression, _ rightSide: Expression, _ span: SourceSpan
  ) -> Value {
    let (left, right) = (value(leftSide), value(rightSide))
    guard case .number(let leftQuantity, let leftType) = left, case .number(let rightQuantity, let rightType) = right
    else {
      for (value, side) in [(left, leftSide), (right, rightSide)] where value.type != .unknown && !isNumber(value) {
        mismatch("`\(operation.rawValue)` needs numbers", side.span, wanted: .integer, found: value.type)
      }
      return .failed
    }
    guard isFree(leftQuantity, leftSide.span), isFree(rightQuantity, rightSide.span) else { return .failed }
    guard let type = Self.result(operation, leftType, rightType) else {
      diagnostics.report(
        .typeMismatch, "`\(operation.rawValue)` does not go with these", span,
        "\(leftType.description) \(operation.rawValue) \(rightType.description)",
        help: "times differ by durations; only whole numbers multiply other things")
      return .failed
    }
    return .number(.arithmetic(operation, leftQuantity, rightQuantity), type)
  }

  /// `distance from PLACE to PLACE`.
  mutating func distance(_ fromSide: Expression, _ toSide: Expression) -> Value {
    guard let (from, to) = places(fromSide, toSide) else { return .failed }
    return .number(.distance(from, to), .distance)
  }

  /// `speed from REMEMBERED PLACE to PLACE`: only what is remembered has a time.
  mutating func speed(_ fromSide: Expression, _ toSide: Expression) -> Value {
    guard let (from, to) = places(fromSide, toSide) else { return .failed }
    guard case .reading(let reading) = from, checked.counters[reading.counter].aggregate == .last else {
      diagnostics.report(
        .typeMismatch, "the first place of a speed is a remembered one", fromSide.span,
        "expected a `last location` counter",
        help: "for example: counter last_place = last location of customer.login by customer_id")
      return .failed
    }
    return .number(.speed(reading, to), .speed)
  }

  private mutating func places(_ fromSide: Expression, _ toSide: Expression) -> (Quantity, Quantity)? {
    let (from, to) = (value(fromSide), value(toSide))
    for (value, side) in [(from, fromSide), (to, toSide)] where value.type != .place && value.type != .unknown {
      mismatch(
        "there is no way to \(value.type.description)", side.span, wanted: .place, found: value.type,
        help: "places are `location`, `home` and `last location` counters")
    }
    guard case .number(let first, .place) = from, case .number(let second, .place) = to else { return nil }
    return (first, second)
  }

  private func isNumber(_ value: Value) -> Bool {
    if case .number = value { true } else { false }
  }

  /// Counts are kept only as far as a constant needs them, so no arithmetic may ask for more.
  mutating func isFree(_ quantity: Quantity, _ span: SourceSpan) -> Bool {
    guard case .reading(let reading) = quantity else { return true }
    let counter = checked.counters[reading.counter]
    guard counter.aggregate.isCount else { return true }
    diagnostics.report(
      .unboundedCount, "`\(counter.name)` can only be compared with a constant", span,
      "its window keeps no more than its rules need", help: "for example \(counter.name) over 24h > 5")
    return false
  }

  private static func result(
    _ operation: Expression.Arithmetic, _ left: ValueType, _ right: ValueType
  ) -> ValueType? {
    switch (operation, left, right) {
    case (.subtract, .time, .time): .duration
    case (.add, .time, .duration), (.subtract, .time, .duration), (.add, .duration, .time): .time
    case (.add, _, _), (.subtract, _, _):
      left == right && [.integer, .decimal, .duration, .money, .distance].contains(left) ? left : nil
    case (.multiply, .integer, .integer), (.divide, .integer, .integer): .integer
    case (.multiply, let type, .integer), (.divide, let type, .integer), (.multiply, .integer, let type):
      [.decimal, .duration, .money, .distance].contains(type) ? type : nil
    default: nil
    }
  }
}
