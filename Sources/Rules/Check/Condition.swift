/// A condition whose names and types are settled: what the compiler lowers and everything else inspects.
indirect enum Condition: Hashable, Sendable {
  case constant(Bool)
  /// A condition and how the rules file has it, for explanations.
  case noted(Condition, ConditionNote)
  /// A boolean field.
  case flag(slot: Int)
  case not(Condition)
  case all([Condition])
  case any([Condition])
  case comparison(Expression.Comparison, Quantity, Quantity)
  /// Between two constants, both included; `low > high` is the range that goes around midnight or the week's end.
  case range(Quantity, low: Int64, high: Int64)
  /// A numeric value in a list of numbers.
  case number(Quantity, list: Int)
  case sameText(TextSource, TextSource)
  case text(TextSource, equals: String)
  case textTest(Expression.TextTest, TextSource, pattern: String)
  case textList(TextSource, list: Int)
  /// The client's address in a list of address ranges.
  case address(list: Int)
  /// A text or address that a counter remembers is the activity's own.
  case remembered(Reading, KeyPart)
  /// The field is there.
  case known(slot: Int)
}

/// A number that a condition reads: in the unit of its type, whose representation `Literal` describes.
indirect enum Quantity: Hashable, Sendable {
  case constant(Int64)
  /// An integer, time, or enumerated field.
  case slot(Int)
  /// A decimal field, in millionths.
  case decimalSlot(Int)
  case reading(Reading)
  /// A place's coordinates, the slot being the latitude's.
  case place(slot: Int)
  /// Metres from one place to another.
  case distance(Quantity, Quantity)
  /// Metres an hour from the place that the reading remembers, since then, to another.
  case speed(Reading, Quantity)
  /// How many milliseconds are left of a customer's lock, 0 if there is none; see `CustomerLock`.
  case lockRemaining(Reading)
  /// When the lock under way began, and when it ends; missing if there is none.
  case lockedSince(Reading)
  case lockedUntil(Reading)
  /// The activity's time.
  case now
  case time(Expression.TimePart, zone: Int)
  case arithmetic(Expression.Arithmetic, Quantity, Quantity)
  /// The quantity where the activity's currency is this one; otherwise missing, for want of a comparable amount.
  case inCurrency(Quantity, String)
}

/// A counter over a window.
struct Reading: Hashable, Sendable {
  /// The counter's index in the checked file.
  var counter: Int
  /// The window's length in milliseconds.
  var window: Int64
}

/// A text of the activity: a field, or a part of it.
struct TextSource: Hashable, Sendable {
  var slot: Int
  /// What follows the last `@`, instead of the whole; a text without one counts as missing.
  var isDomain = false
}

extension Condition {
  /// Calls `body` for every counter that the condition reads.
  func forEachReading(_ body: (Reading) -> Void) {
    switch self {
    case .not(let inner), .noted(let inner, _): inner.forEachReading(body)
    case .all(let parts), .any(let parts): for part in parts { part.forEachReading(body) }
    case .comparison(_, let left, let right):
      left.forEachReading(body)
      right.forEachReading(body)
    case .range(let quantity, _, _), .number(let quantity, _): quantity.forEachReading(body)
    case .remembered(let reading, _): body(reading)
    default: break
    }
  }

  /// Calls `body` for every text or address of the activity that is compared with a remembered one.
  func forEachRemembered(_ body: (KeyPart) -> Void) {
    switch self {
    case .not(let inner), .noted(let inner, _): inner.forEachRemembered(body)
    case .all(let parts), .any(let parts): for part in parts { part.forEachRemembered(body) }
    case .remembered(_, let part): body(part)
    default: break
    }
  }

  /// Calls `body` for every comparison, ranges as two, in the order in which the rule names them.
  func forEachComparison(_ body: (Expression.Comparison, Quantity, Quantity) -> Void) {
    switch self {
    case .not(let inner), .noted(let inner, _): inner.forEachComparison(body)
    case .all(let parts), .any(let parts): for part in parts { part.forEachComparison(body) }
    case .comparison(let comparison, let left, let right): body(comparison, left, right)
    case .range(let quantity, let low, let high):
      body(.greaterOrEqual, quantity, .constant(low))
      body(.lessOrEqual, quantity, .constant(high))
    default: break
    }
  }
}

extension Quantity {
  func forEachReading(_ body: (Reading) -> Void) {
    switch self {
    case .reading(let reading), .lockRemaining(let reading), .lockedSince(let reading), .lockedUntil(let reading):
      body(reading)
    case .arithmetic(_, let left, let right), .distance(let left, let right):
      left.forEachReading(body)
      right.forEachReading(body)
    case .speed(let reading, let place):
      body(reading)
      place.forEachReading(body)
    case .inCurrency(let inner, _): inner.forEachReading(body)
    default: break
    }
  }

  /// The counter that is all of the quantity, if it is one; its amount may be asked for in a currency.
  var wholeReading: Reading? {
    switch self {
    case .reading(let reading), .lockRemaining(let reading): reading
    case .inCurrency(let inner, _): inner.wholeReading
    default: nil
    }
  }
}
