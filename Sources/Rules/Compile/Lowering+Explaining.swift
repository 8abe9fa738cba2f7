/// What explanations need besides the programs that judge.
extension Lowering {
  /// A condition's tree with what its note says. A condition that is noted already becomes a part of the one around it.
  mutating func noted(_ tree: ConditionTree, _ note: ConditionNote) -> ConditionTree {
    var noted = tree
    if tree.expression != nil {
      noted.children = [tree]
      noted.values = []
    } else if !note.isJoined {
      noted.children = []
    }
    noted.expression = note.expression
    noted.values = note.operands.map { value($0) }
    return noted
  }

  private mutating func value(_ operand: Operand) -> ConditionTree.Value {
    let content: ConditionTree.Value.Content
    switch operand.content {
    case .number(let quantity, let type):
      let program = explainingProgram(quantity)
      content = .number(
        start: program.lowerBound, count: program.count, type, currency: quantity.ownCurrency)
    case .text(let source): content = .text(source)
    case .flag(let slot): content = .flag(slot: slot)
    }
    return ConditionTree.Value(
      expression: operand.expression, content: content, parts: operand.parts.map { value($0) })
  }

  /// The program that leaves `quantity` on the stack of numbers. A program ends with a condition, so it ends with `true`.
  private mutating func explainingProgram(_ quantity: Quantity) -> Range<Int> {
    let start = explaining.count
    swap(&instructions, &explaining)
    lower(quantity)
    emit(Instruction(operation: .truth, value: 1))
    swap(&instructions, &explaining)
    return start..<explaining.count
  }
}

extension Quantity {
  /// The currency that an amount is asked for in.
  fileprivate var ownCurrency: String? {
    if case .inCurrency(_, let currency) = self { currency } else { nil }
  }
}
