extension Checker {
  /// A comparison of numbers; counts only with constants that their windows can hold.
  mutating func compareNumbers(
    _ comparison: Expression.Comparison, _ left: Quantity, _ right: Quantity, _ leftSide: Expression,
    _ rightSide: Expression
  ) -> Condition? {
    if case .constant(let threshold) = right {
      guard isKept(left, threshold, rightSide.span), isHour(threshold, left, rightSide.span) else { return nil }
    } else if case .constant(let threshold) = left {
      guard isKept(right, threshold, leftSide.span), isHour(threshold, right, leftSide.span) else { return nil }
      return .comparison(comparison.mirrored, right, left)
    } else {
      guard isFree(left, leftSide.span), isFree(right, rightSide.span) else { return nil }
    }
    return .comparison(comparison, left, right)
  }

  /// Whether a count's window may be sized for `threshold`.
  mutating func isKept(_ quantity: Quantity, _ threshold: Int64, _ span: SourceSpan) -> Bool {
    guard case .reading(let reading) = quantity else { return true }
    guard checked.counters[reading.counter].aggregate.isCount else { return true }
    guard (0...Limits.maxCountThreshold).contains(threshold) else {
      diagnostics.report(
        .thresholdOutOfRange, "a count is compared with \(threshold)", span,
        "expected 0 to \(Limits.maxCountThreshold)")
      return false
    }
    return true
  }

  /// Whether `number` is an hour of the day, if that is what it is compared with.
  mutating func isHour(_ number: Int64, _ quantity: Quantity, _ span: SourceSpan) -> Bool {
    guard case .time(.hour, _) = quantity, !(0...23).contains(number) else { return true }
    diagnostics.report(.valueOutOfRange, "there is no hour \(number)", span, "expected 0 to 23")
    return false
  }

  /// `10 per minute` over an hour is 600: a rate is a count that its window makes comparable.
  mutating func compareRate(
    _ comparison: Expression.Comparison, _ reading: Reading, _ rate: (count: Int64, unit: Int64), _ side: Expression
  ) -> Condition? {
    let (product, overflow) = rate.count.multipliedReportingOverflow(by: reading.window)
    let roundsUp = comparison == .greaterOrEqual || comparison == .less
    let threshold = overflow ? .max : product / rate.unit + (roundsUp && product % rate.unit != 0 ? 1 : 0)
    guard comparison != .equal, comparison != .notEqual else {
      diagnostics.report(
        .typeMismatch, "rates are never quite the same", side.span, "expected one of < <= > >=")
      return nil
    }
    guard isKept(.reading(reading), threshold, side.span) else { return nil }
    return .comparison(comparison, .reading(reading), .constant(threshold))
  }
}

extension Expression.Comparison {
  /// The comparison with its sides exchanged.
  var mirrored: Self {
    switch self {
    case .equal, .notEqual: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}
