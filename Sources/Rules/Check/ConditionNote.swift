/// How the rules file has a condition: what an explanation shows of it.
struct ConditionNote: Hashable, Sendable {
  /// As written; of a named condition the name.
  var expression: Expression
  /// The values that the condition itself compares or looks at, constants left out.
  var operands: [Operand] = []

  /// Whether the condition's own parts are conditions as written, to be shown one by one.
  var isJoined: Bool {
    switch expression.kind {
    case .not, .all, .any, .name: true
    default: false
    }
  }
}

/// A value that a condition looks at, and its own parts.
struct Operand: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case number(Quantity, ValueType)
    case text(TextSource)
    case flag(slot: Int)
  }

  var expression: Expression
  var content: Content
  var parts: [Operand] = []
}
