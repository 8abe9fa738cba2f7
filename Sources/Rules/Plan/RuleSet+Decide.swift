import Windows

extension RuleSet {
  /// Judges the kind's rules into `verdict`. `readings` has the answers to the operations that `plan` wrote for the same
  /// `fields`, at the indices that these named; `time` is the activity's, in Unix milliseconds.
  public func decide(
    kind: Int32, fields: inout FieldValues, readings: UnsafePointer<WindowReading>, time: Int64,
    into verdict: inout Verdict
  ) {
    precondition(kind >= 0 && kind < kindPlans.count && fields.readingCapacity == maxReadings)
    precondition(verdict.ruleCapacity >= rules.count && verdict.observationCapacity >= maxObservations)
    verdict.removeAll()
    let kindPlan = kindPlans[Int(kind)]
    for index in Int(kindPlan.firstRule)..<Int(kindPlan.firstRule &+ kindPlan.ruleCount) {
      let judged = judgedRules[index]
      let result = run(judged.programStart, judged.programCount, &fields, readings, time)
      if result > 1 {
        if judged.firesWhenUnknown {
          verdict.fire(judged)
          observe(judged, fields, readings, &verdict)
        } else if !judged.hasOtherwise {
          verdict.leaveOut(judged, missingSlot: Int32(result) &- 2)
        }
      } else if result == 1, !judged.firesWhenUnknown {
        verdict.fire(judged)
        observe(judged, fields, readings, &verdict)
      }
    }
  }

  /// Notes the counters that a fired rule's condition compares.
  @inline(__always)
  private func observe(
    _ judged: JudgedRule, _ fields: borrowing FieldValues, _ readings: UnsafePointer<WindowReading>,
    _ verdict: inout Verdict
  ) {
    for index in 0..<Int(judged.observationCount) {
      let plan = observationPlans[Int(judged.firstObservation) &+ index]
      let reading = Int(plan.reading)
      if fields.missingReadings[reading] != 0 { continue }
      verdict.observe(
        Verdict.Observation(
          index: Int32(truncatingIfNeeded: index), isAtLeast: readings[reading].flags.contains(.atLeast),
          value: readings[reading].value, threshold: plan.threshold, windowMilliseconds: spans[reading]))
    }
  }
}

extension Verdict {
  @inline(__always)
  mutating func fire(_ judged: JudgedRule) {
    let entry = Fired(
      rule: judged.rule, firstObservation: Int32(truncatingIfNeeded: observationCount), observationCount: 0,
      effect: judged.effect, isOtherwise: judged.firesWhenUnknown)
    (fired + firedCount).initialize(to: entry)
    firedCount &+= 1
    if judged.effect.rawValue > outcome.rawValue { outcome = judged.effect }
  }

  /// Adds to the rule that fired last.
  @inline(__always)
  mutating func observe(_ observation: Observation) {
    (observations + observationCount).initialize(to: observation)
    observationCount &+= 1
    fired[firedCount &- 1].observationCount &+= 1
  }

  @inline(__always)
  mutating func leaveOut(_ judged: JudgedRule, missingSlot: Int32) {
    (unevaluated + unevaluatedCount).initialize(to: Unevaluated(rule: judged.rule, missingSlot: missingSlot))
    unevaluatedCount &+= 1
  }
}
