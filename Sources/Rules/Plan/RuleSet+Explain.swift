import Windows

extension RuleSet {
  /// Why the rule at `index` fired or did not, from the arguments of the `decide` that judged it. For those who ask, not for
  /// every activity: it allocates. Rules that are off have no explanation.
  public func explain(
    rule index: Int, fields: inout FieldValues, readings: UnsafePointer<WindowReading>, time: Int64
  ) -> Explanation? {
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
  ) -> Explanation {
    let parts = tree.children.map { explain($0, &fields, readings, time) }
    let result = run(Int32(tree.start), Int32(tree.end - tree.start), &fields, readings, time)
    let text =
      switch tree.form {
      case .all: "and"
      case .any: "or"
      case .not: "not"
      case .leaf(let text): text
      }
    return Explanation(
      text: text, isTrue: result > Truth.yes ? nil : result == Truth.yes,
      missing: result > Truth.yes ? missingName(Int32(result - Truth.firstSlot)) : nil,
      values: parts.isEmpty ? values(tree, fields, readings) : [], parts: parts)
  }

  private func values(
    _ tree: ConditionTree, _ fields: borrowing FieldValues, _ readings: UnsafePointer<WindowReading>
  ) -> [Explanation.Value] {
    var values: [Explanation.Value] = []
    for step in tree.start..<tree.end {
      let instruction = program.instructions[step]
      switch instruction.operation {
      case .reading, .presentReading, .compareReadingConstant:
        let reading = Int(instruction.index)
        guard fields.missingReadings[reading] == 0 else { continue }
        values.append(
          Explanation.Value(
            counter: counters[Int(readingCounters[reading])].name, windowMilliseconds: spans[reading],
            value: readings[reading].value, isAtLeast: readings[reading].flags.contains(.atLeast)))
      default: continue
      }
    }
    return values
  }
}
