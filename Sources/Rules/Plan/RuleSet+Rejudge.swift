import Windows

extension RuleSet {
  /// Judges the kind's rules once more, each `times` times in a row, and calls `done` with the rule's index behind each: for
  /// measuring what rules cost, without a clock in `decide`. The arguments are those of the `decide` that judged them.
  public func rejudge(
    kind: Int32, fields: inout FieldValues, readings: UnsafePointer<WindowReading>, time: Int64, times: Int,
    done: (Int) -> Void
  ) {
    let plan = kindPlans[Int(kind)]
    let triggers = triggers(kindPlans.pointer + Int(kind), fields, readings)
    for position in Int(plan.firstRule)..<Int(plan.firstRule + plan.ruleCount) {
      let judged = judgedRules.pointer + position
      for _ in 0..<times where judged.pointee.triggers & triggers != 0 {
        _ = judge(judged.pointee.programStart, judged.pointee.programCount, &fields, readings, time)
      }
      done(Int(judged.pointee.rule))
    }
  }
}
