/// Writes declarations in their canonical form: a declaration a line, but for rules, which have a line for each clause.
struct DeclarationPrinter {
  private let expressions = ExpressionPrinter()

  func print(_ declaration: Declaration) -> String {
    switch declaration {
    case .list(let list): print(list)
    case .definition(let definition):
      "let \(definition.name.text) = \(definition.value.map { expressions.print($0) } ?? "")"
    case .counter(let counter): "counter \(counter.name.text) = \(counter.body.map { print($0) } ?? "")"
    case .rule(let rule): print(rule)
    }
  }

  private func print(_ list: ListDeclaration) -> String {
    let head = "list \(list.name.text)" + (list.type.map { " of \($0.text)" } ?? "")
    if let file = list.file { return "\(head) from \(Literal.quoted(file.text))" }
    return "\(head) = \(list.elements.map { expressions.print($0) }.joined(separator: ", "))"
  }

  func print(_ body: CounterDeclaration.Body) -> String {
    var words = [body.aggregate.rawValue]
    if let value = body.value { words.append(value.printed) }
    words += ["of", body.kinds.map(\.text).joined(separator: ", ")]
    if let filter = body.filter { words += ["where", expressions.print(filter)] }
    words += ["by", body.groups.map(\.printed).joined(separator: ", ")]
    return words.joined(separator: " ")
  }

  private func print(_ rule: RuleDeclaration) -> String {
    var lines = ["rule \(rule.name.text)", "  on \(rule.kinds.map(\.text).joined(separator: ", "))"]
    if let condition = rule.condition { lines.append("  when \(expressions.print(condition))") }
    if let consequence = rule.consequence { lines.append("  then \(print(consequence))") }
    switch rule.otherwise {
    case .nothing: lines.append("  otherwise nothing")
    case .fires(let consequence): lines.append("  otherwise \(print(consequence))")
    case nil: break
    }
    if let mode = rule.mode { lines.append("  mode \(print(mode))") }
    if !rule.tags.isEmpty {
      lines.append("  tags \(rule.tags.map { Literal.quoted($0.text) }.joined(separator: ", "))")
    }
    if let score = rule.score { lines.append("  score \(score)") }
    if let severity = rule.severity { lines.append("  severity \(severity.rawValue)") }
    return lines.joined(separator: "\n")
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
