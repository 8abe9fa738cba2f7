/// How a rule's condition is built, and which steps of the program judge each part: for explaining decisions.
struct ConditionTree: Hashable, Sendable {
  /// A value that a part looks at: a program of its own leaves it on the stack of numbers.
  struct Value: Hashable, Sendable {
    enum Content: Hashable, Sendable {
      /// `start` and `count` of the program among those that only explanations run.
      case number(start: Int, count: Int, ValueType, currency: String?)
      case text(TextSource)
      case flag(slot: Int)
    }

    var expression: Expression
    var content: Content
    var parts: [Value] = []
  }

  /// As the rules file has it; absent for a field or a constant that is a condition by itself.
  var expression: Expression?
  /// What stands in its place.
  var text = ""
  /// The program's first step.
  var start: Int
  /// Behind the program's last step.
  var end = 0
  var children: [ConditionTree] = []
  var values: [Value] = []

  init(start: Int) { self.start = start }
}
