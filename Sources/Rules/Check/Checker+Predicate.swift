extension Checker {
  mutating func between(
    _ valueSide: Expression, _ lowSide: Expression, _ highSide: Expression, _ span: SourceSpan
  ) -> Condition? {
    let value = value(valueSide)
    let low = self.value(lowSide, expecting: value.type)
    let high = self.value(highSide, expecting: value.type)
    if case .failed = value { return nil }
    guard case .number(let quantity, let type) = value, type.isOrdered else {
      mismatch("only what has an order has a range", valueSide.span, wanted: .integer, found: value.type)
      return nil
    }
    guard case .number(let lowQuantity, let lowType) = low, case .number(let highQuantity, let highType) = high else {
      for (bound, side) in [(low, lowSide), (high, highSide)] {
        if case .number = bound { continue }
        if case .failed = bound { continue }
        mismatch("this is no bound of a range", side.span, wanted: type == .rate ? .integer : type, found: bound.type)
      }
      return nil
    }
    guard let (lowUnit, first) = unified((quantity, type, valueSide), (lowQuantity, lowType, lowSide)),
      let (unit, second) = unified((quantity, type, valueSide), (highQuantity, highType, highSide))
    else { return nil }
    guard lowUnit == unit else {
      diagnostics.report(
        .currencyNotGrouped, "the bounds are in different currencies", span, "expected both in one currency")
      return nil
    }
    guard case .constant(let from) = first, case .constant(let to) = second else {
      guard isFree(quantity, valueSide.span) else { return nil }
      return .all([.comparison(.greaterOrEqual, unit, first), .comparison(.lessOrEqual, unit, second)])
    }
    return range(unit, from, to, lowSide, highSide, span)
  }

  /// Hours, times of day and days of the week go round; other ranges rise.
  private mutating func range(
    _ quantity: Quantity, _ low: Int64, _ high: Int64, _ lowSide: Expression, _ highSide: Expression, _ span: SourceSpan
  ) -> Condition? {
    guard isKept(quantity, low, lowSide.span), isKept(quantity, high, highSide.span) else { return nil }
    var goesRound = false
    if case .time = quantity {
      goesRound = true
      guard isHour(low, quantity, lowSide.span), isHour(high, quantity, highSide.span) else { return nil }
    }
    guard goesRound || low <= high else {
      diagnostics.report(
        .emptyRange, "nothing is in this range", span, "the first bound is above the second",
        help: "write the smaller bound first")
      return nil
    }
    return .range(quantity, low: low, high: high)
  }

  mutating func member(_ valueSide: Expression, _ collection: Expression.Collection) -> Condition? {
    let value = value(valueSide)
    if case .failed = value { return nil }
    guard let index = list(collection, for: value.type) else { return nil }
    let type = checked.lists[index].type
    switch (value, type) {
    case (.text(let source), .text):
      warnOfForeignConstants(in: collection, index, for: source)
      return .textList(source, list: index)
    case (.address, .address): return .address(list: index)
    case (.number(let quantity, type), _):
      guard isFree(quantity, valueSide.span), areHours(checked.lists[index], quantity, valueSide.span) else {
        return nil
      }
      return .number(quantity, list: index)
    case (.address, .text):
      mismatch(
        "an address in a list of texts", valueSide.span, wanted: .text, found: .address,
        help: "declare the list: list NAME of address = …")
    default:
      mismatch(
        "\(value.type.description) in a list of other things", valueSide.span, wanted: type, found: value.type)
    }
    return nil
  }

  private mutating func areHours(_ list: CheckedList, _ quantity: Quantity, _ span: SourceSpan) -> Bool {
    guard case .numbers(let numbers) = list.elements, let low = numbers.first, let high = numbers.last else {
      return true
    }
    return isHour(low, quantity, span) && isHour(high, quantity, span)
  }

  private mutating func list(_ collection: Expression.Collection, for type: ValueType) -> Int? {
    switch collection {
    case .elements(let elements, _): return settle(elements, name: "", type: type)
    case .named(let name):
      used.insert(name.text)
      if case .list(let index)? = symbols[name.text] { return list(index) }
      reportUnknown(name, among: lists.map(\.name.text), what: "list")
      return nil
    }
  }

  /// `T within D`: less than D ago. A time yet to come is less than any time ago.
  mutating func within(_ valueSide: Expression, _ windowSide: Expression) -> Condition? {
    let (value, window) = (value(valueSide), value(windowSide))
    if value.type != .time, value.type != .unknown {
      mismatch("only a time has an age", valueSide.span, wanted: .time, found: value.type)
    }
    if window.type != .duration, window.type != .unknown {
      mismatch("an age is a duration", windowSide.span, wanted: .duration, found: window.type, help: "for example 30d")
    }
    guard case .number(let time, .time) = value, case .number(let duration, .duration) = window else { return nil }
    guard isFree(duration, windowSide.span) else { return nil }
    return .comparison(.less, .arithmetic(.subtract, .now, time), duration)
  }

  mutating func presence(_ side: Expression, _ isKnown: Bool) -> Condition? {
    let slot: Int
    switch value(side) {
    case .failed: return nil
    case .text(let source) where !source.isDomain: slot = source.slot
    case .number(.slot(let index), _), .number(.decimalSlot(let index), _): slot = index
    case .condition(.flag(let index)): slot = index
    case .address: slot = Field.clientIP.rawValue
    case let other:
      diagnostics.report(
        .typeMismatch, "only a field is known or missing", side.span,
        "expected a field of the activity, found \(other.type.description)")
      return nil
    }
    return isKnown ? .known(slot: slot) : .not(.known(slot: slot))
  }

  mutating func text(_ test: Expression.TextTest, _ side: Expression, _ patternSide: Expression) -> Condition? {
    let (value, pattern) = (value(side), value(patternSide))
    if case .failed = value { return nil }
    guard case .text(let source) = value else {
      mismatch("`\(test.rawValue)` is asked of texts", side.span, wanted: .text, found: value.type)
      return nil
    }
    guard case .constantText(let text) = pattern else {
      if pattern.type != .unknown {
        mismatch("the pattern is a constant", patternSide.span, wanted: .text, found: pattern.type)
      }
      return nil
    }
    guard !text.isEmpty else {
      diagnostics.report(.badPattern, "an empty pattern", patternSide.span, "expected at least one character")
      return nil
    }
    let length = test == .matches ? text.utf8.count { $0 != UInt8(ascii: "*") } : text.utf8.count
    guard test == .startsWith || test == .endsWith || length <= GlobPattern.maxLength else {
      diagnostics.report(
        .badPattern, "a pattern of \(length) bytes", patternSide.span,
        "at most \(GlobPattern.maxLength) bytes besides `*`")
      return nil
    }
    if test == .contains || test == .matches { patterns.insert("\(test.rawValue) \(text)") }
    guard patterns.count <= Limits.maxPatterns else {
      diagnostics.report(
        .tooMany, "too many patterns", patternSide.span, "at most \(Limits.maxPatterns) in one file")
      return nil
    }
    return .textTest(test, source, pattern: text)
  }
}
