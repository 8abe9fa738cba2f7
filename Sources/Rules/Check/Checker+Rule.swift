extension Checker {
  mutating func check(_ rule: RuleDeclaration) {
    size = ExpressionSize()
    let condition = rule.condition.flatMap { self.condition($0) }
    guard fits(rule.name.span) else { return }
    let consequence = rule.consequence.map { settle($0) }
    var otherwise: CheckedConsequence?
    switch rule.otherwise {
    case .nothing: otherwise = CheckedConsequence(isNothing: true)
    case .fires(let consequence): otherwise = settle(consequence)
    case nil: break
    }
    let shareKey = rule.mode?.key.flatMap { keyPart($0) }
    guard let condition, let consequence, !rule.kinds.isEmpty else { return }
    checked.rules.append(
      CheckedRule(
        name: rule.name.text, span: rule.name.span,
        definition: DeclarationPrinter(expressions: canonicalPrinter).print(.rule(rule)), kinds: rule.kinds.map(\.text),
        condition: condition,
        consequence: consequence, otherwise: otherwise, mode: rule.mode?.mode ?? .live, share: rule.mode?.share,
        shareKey: shareKey, tags: rule.tags.map(\.text), score: rule.score ?? 0, severity: rule.severity))
  }

  private mutating func settle(_ consequence: RuleDeclaration.Consequence) -> CheckedConsequence {
    CheckedConsequence(
      effect: consequence.effect, template: consequence.message?.text ?? "",
      message: consequence.message?.parts.compactMap { settle($0) } ?? [], actions: consequence.actions)
  }

  private mutating func settle(_ part: MessageSyntax.Part) -> MessagePart? {
    guard case .value(let expression) = part else {
      if case .text(let text) = part { return .text(text) }
      return nil
    }
    size = ExpressionSize()
    switch value(expression) {
    case .text(let source) where !source.isDomain: return .textField(slot: source.slot)
    case .address: return .textField(slot: Field.clientIP.rawValue)
    case .number(.slot(let slot), let type) where type == .integer || type == .money:
      return .numberField(slot: slot, type)
    case .number(.reading(let reading), let type) where [.integer, .rate, .money, .duration].contains(type):
      return .reading(reading, type)
    case .failed: return nil
    case let other:
      diagnostics.report(
        .badInterpolation, "\(other.type.description) cannot be put into a message", expression.span,
        "expected a counter over its window, or a field: a text, a whole number or `amount`")
      return nil
    }
  }
}
