/// Writes declarations in their canonical form: a declaration a line, but for rules, which have a line for each clause, and
/// for what is longer than a line.
struct DeclarationPrinter {
  /// Longer lines are broken, where the language lets them be.
  static let maxColumns = 100

  /// What stands on lines of its own, and what of the source it comes from.
  struct Unit {
    var text: String
    /// The clause's word; `nil` for the declaration itself.
    var clause: String?
  }

  private let expressions: ExpressionPrinter

  init(expressions: ExpressionPrinter = ExpressionPrinter()) { self.expressions = expressions }

  func print(_ declaration: Declaration) -> String { units(declaration).map(\.text).joined(separator: "\n") }

  /// The lines of a declaration, those of a rule clause by clause.
  func units(_ declaration: Declaration) -> [Unit] {
    switch declaration {
    case .list(let list): [Unit(text: print(list))]
    case .definition(let definition):
      [Unit(text: broken("let \(definition.name.text) =", definition.value, indentation: "  "))]
    case .counter(let counter): [Unit(text: "counter \(counter.name.text) = \(counter.body.map { print($0) } ?? "")")]
    case .rule(let rule): [Unit(text: "rule \(rule.name.text)")] + clauses(rule)
    }
  }

  /// A condition behind `head`, broken before `and` or `or` when it is too long for one line.
  private func broken(_ head: String, _ condition: Expression?, indentation: String) -> String {
    guard let condition else { return head }
    let line = "\(head) \(expressions.print(condition))"
    guard line.count > Self.maxColumns, let (word, parts) = expressions.parts(of: condition) else { return line }
    return "\(head) " + parts.joined(separator: "\n\(indentation)\(word) ")
  }

  private func print(_ list: ListDeclaration) -> String {
    let head = "list \(list.name.text)" + (list.type.map { " of \($0.text)" } ?? "")
    if let file = list.file { return "\(head) from \(Literal.quoted(file.text))" }
    var lines = ["\(head) ="]
    for (index, element) in list.elements.enumerated() {
      let text = expressions.print(element) + (index + 1 < list.elements.count ? "," : "")
      if lines[lines.count - 1].count + 1 + text.count > Self.maxColumns { lines.append(" ") }
      lines[lines.count - 1] += " " + text
    }
    return lines.joined(separator: "\n")
  }

  func print(_ body: CounterDeclaration.Body) -> String {
    var words = [body.aggregate.rawValue]
    if let value = body.value { words.append(value.printed) }
    if body.aggregate != .timeSince { words.append("of") }
    words.append(body.kinds.map(\.text).joined(separator: ", "))
    if let filter = body.filter { words += ["where", expressions.print(filter)] }
    words += ["by", body.groups.map(\.printed).joined(separator: ", ")]
    return words.joined(separator: " ")
  }

  private func clauses(_ rule: RuleDeclaration) -> [Unit] {
    var units = [Unit(text: "  on \(rule.kinds.map(\.text).joined(separator: ", "))", clause: "on")]
    units.append(Unit(text: broken("  when", rule.condition, indentation: "    "), clause: "when"))
    if let consequence = rule.consequence { units.append(Unit(text: "  then \(print(consequence))", clause: "then")) }
    switch rule.otherwise {
    case .nothing: units.append(Unit(text: "  otherwise nothing", clause: "otherwise"))
    case .fires(let consequence): units.append(Unit(text: "  otherwise \(print(consequence))", clause: "otherwise"))
    case nil: break
    }
    if let mode = rule.mode { units.append(Unit(text: "  mode \(print(mode))", clause: "mode")) }
    if !rule.tags.isEmpty {
      units.append(
        Unit(text: "  tags \(rule.tags.map { Literal.quoted($0.text) }.joined(separator: ", "))", clause: "tags"))
    }
    if let score = rule.score { units.append(Unit(text: "  score \(score)", clause: "score")) }
    if let severity = rule.severity { units.append(Unit(text: "  severity \(severity.rawValue)", clause: "severity")) }
    return units
  }

  private func print(_ mode: RuleDeclaration.Mode) -> String {
    guard let share = mode.share, let key = mode.key else { return mode.mode.rawValue }
    return "\(mode.mode.rawValue) for \(Literal.share(share).printed) by \(key.printed)"
  }

  private func print(_ consequence: RuleDeclaration.Consequence) -> String {
    var effect: [String] = consequence.effect.keyword.map { [$0] } ?? []
    if let message = consequence.message { effect.append(print(message)) }
    let parts = (effect.isEmpty ? [] : [effect.joined(separator: " ")]) + consequence.actions.map(\.text)
    return parts.joined(separator: " and ")
  }

  private func print(_ message: MessageSyntax) -> String {
    let parts = message.parts.map { part in
      switch part {
      case .text(let text):
        String(Literal.quoted(text).dropFirst().dropLast()).replacing("{", with: "\\{").replacing("}", with: "\\}")
      case .value(let value): "{\(expressions.print(value))}"
      }
    }
    return "\"\(parts.joined())\""
  }
}
