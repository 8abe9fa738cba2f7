import Windows

extension RuleSet {
  /// Why the rule at `index` fired or did not, from the arguments of the `decide` that judged it. For those who ask, not for
  /// every activity: it allocates. Rules that are off have no explanation.
  public func explain(
    rule index: Int, fields: inout FieldValues, readings: UnsafePointer<WindowReading>, time: Int64
  ) -> ExplainedPart? {
    guard let tree = rules[index].tree else { return nil }
    return explain(tree, &fields, readings, time)
  }

  /// The rules that judge activities of a kind, as indices into `rules`, in the order of the file.
  public func rules(of kind: Int32) -> [Int] {
    let plan = kindPlans[Int(kind)]
    let judged = (Int(plan.firstRule)..<Int(plan.firstRule + plan.ruleCount)).map { Int(judgedRules[$0].rule) }
    return Set(judged).sorted()
  }

  private func explain(
    _ tree: ConditionTree, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> ExplainedPart {
    let result = run(Int32(tree.start), Int32(tree.end - tree.start), &fields, readings, time)
    var parts = tree.children.map { explain($0, &fields, readings, time) }
    parts += tree.values.map { explain($0, &fields, readings, time) }
    return ExplainedPart(text: tree.expression.map(Self.text) ?? tree.text, value: condition(result), parts: parts)
  }

  private func explain(
    _ value: ConditionTree.Value, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> ExplainedPart {
    let seen: ExplainedPart.Value
    switch value.content {
    case .number(let start, let count, let type, let currency):
      seen = number(start..<start + count, type, currency, &fields, readings, time)
    case .text(let source): seen = text(source, fields)
    case .flag(let slot):
      let missing = fields.missing(UInt8(slot))
      seen = condition(missing != 0 ? missing : Truth.of(fields.slots[slot].word != 0))
    }
    let parts = value.parts.map { explain($0, &fields, readings, time) }
    return ExplainedPart(text: Self.text(value.expression), value: seen, parts: parts)
  }

  private func condition(_ result: UInt16) -> ExplainedPart.Value {
    result > Truth.yes ? unknown(result) : .condition(result == Truth.yes)
  }

  private func unknown(_ result: UInt16) -> ExplainedPart.Value {
    .unknown(missing: missingName(Int32(result - Truth.firstSlot)))
  }

  private func number(
    _ program: Range<Int>, _ type: ValueType, _ currency: String?, _ fields: inout FieldValues,
    _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> ExplainedPart.Value {
    let start = self.program.explainingStart + program.lowerBound
    _ = run(Int32(start), Int32(program.count), &fields, readings, time)
    // The program has left the number at the bottom of its stack; see `Stack`.
    if fields.missingNumbers[0] != 0 { return unknown(fields.missingNumbers[0]) }
    let value = fields.numbers[0]
    let only = self.program.instructions[start]
    if only.operation == .reading, readings[Int(only.index)].flags.contains(.atLeast) { return .value("\(value)+") }
    return .value(type.text(value, currency: currency ?? ownCurrency(fields)))
  }

  private func ownCurrency(_ fields: borrowing FieldValues) -> String? {
    let slot = Field.amountCurrency.rawValue
    return fields.has(slot) ? String(decoding: fields.text(slot), as: UTF8.self) : nil
  }

  private func text(_ source: TextSource, _ fields: borrowing FieldValues) -> ExplainedPart.Value {
    let missing = Truth.missing(slot: UInt8(source.slot))
    guard fields.has(source.slot) else { return unknown(missing) }
    let whole = fields.text(source.slot)
    let text = source.isDomain ? whole.afterLastAt : whole
    if text.isEmpty { return unknown(missing) }
    return .value(Literal.quoted(String(decoding: text, as: UTF8.self)))
  }

  private static func text(_ expression: Expression) -> String {
    let text = ExpressionPrinter().print(expression)
    guard text.utf8.count > ExplainedPart.maxTextBytes else { return text }
    return String(decoding: text.utf8.prefix(ExplainedPart.maxTextBytes), as: UTF8.self) + "…"
  }
}
