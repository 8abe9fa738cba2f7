/// One step of a condition's program. Programs are postfix: a step takes its operands from one of two stacks, of numbers
/// and of conditions, and leaves its result there.
///
/// A condition is a small number: 0 is false, 1 is true, anything above is unknown for want of what `Truth` says. A number
/// has such a one beside it, 0 where it is known.
struct Instruction: BitwiseCopyable {
  enum Operation: UInt8 {
    // Numbers
    case constant
    case field
    case reading
    case presentReading
    case elapsed
    case lockRemaining
    case lockedSince
    case lockedUntil
    case place
    case distance
    case speed
    case now
    case hour
    case weekday
    case clock
    case add
    case subtract
    case multiply
    case divide
    case requireCurrency
    // Conditions
    case truth
    case flag
    case known
    case remembered
    case not
    case and
    case or
    /// Where the condition on top decides an `and` or `or` by itself, the next `index` steps are left out.
    case skipIfFalse
    case skipIfTrue
    case compare
    case compareFieldConstant
    case compareReadingConstant
    case ageBelow
    case range
    /// The hour, or the minute of the day, is between two constants: in a zone.
    case hourRange
    case clockRange
    case numberInList
    case sameText
    case textEquals
    case textStartsWith
    case textEndsWith
    case textMatches
    case textInList
    case addressInList
  }

  var operation: Operation
  /// The field, where there is one.
  var slot: UInt8 = 0
  var comparison: Relation = .equal
  /// The text is what follows its last `@`.
  var isDomain = false
  /// A reading, zone, list, pattern, second slot or constant, or a number of steps.
  var index: Int32 = 0
  /// A constant, or two of 32 bits, the lower bound above; of texts, the place in the pool and the length.
  var value: Int64 = 0
}

/// How two numbers are compared: which of less (1), equal (2) and greater (4) make it true.
struct Relation: BitwiseCopyable {
  var accepted: UInt8

  static let equal = Relation(accepted: 2)

  @inline(__always)
  func holds(_ left: Int64, _ right: Int64) -> UInt16 {
    let order: UInt8 = left < right ? 1 : left == right ? 2 : 4
    return Truth.of(accepted & order != 0)
  }
}

extension Relation {
  init(_ comparison: Expression.Comparison) {
    switch comparison {
    case .less: accepted = 1
    case .equal: accepted = 2
    case .lessOrEqual: accepted = 3
    case .greater: accepted = 4
    case .notEqual: accepted = 5
    case .greaterOrEqual: accepted = 6
    }
  }
}
