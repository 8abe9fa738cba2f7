/// How a rule's condition is built, and which steps of the program judge each part: for explaining decisions.
struct ConditionTree: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    case all
    case any
    case not
    /// A part without parts, as the rules file has it in canonical form.
    case leaf(String)
  }

  var form = Form.leaf("")
  /// The program's first step.
  var start: Int
  /// Behind the program's last step.
  var end = 0
  var children: [ConditionTree] = []

  init(start: Int) { self.start = start }
}
