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
    let kindPlan = kindPlans.pointer + Int(kind)
    var next = judgedRules.pointer + Int(kindPlan.pointee.firstRule)
    let end = next + Int(kindPlan.pointee.ruleCount)
    while next < end {
      let rule = next
      next += 1
      let result = judge(rule.pointee.programStart, rule.pointee.programCount, &fields, readings, time)
      if result == Truth.no { continue }
      let judged = rule.pointee
      if result > Truth.yes {
        if judged.firesWhenUnknown {
          fire(judged, fields, readings, &verdict)
        } else if !judged.hasOtherwise {
          verdict.leaveOut(judged, missing: Int32(result &- Truth.firstSlot), isShadow: isShadow(judged, fields))
        }
      } else if result == Truth.yes, !judged.firesWhenUnknown {
        fire(judged, fields, readings, &verdict)
      }
    }
  }

  /// Whether the rule has no effect on this activity: by its mode, or because its key is not in the share.
  @inline(__always)
  private func isShadow(_ judged: JudgedRule, _ fields: borrowing FieldValues) -> Bool {
    if judged.isShadow || judged.sharePart < 0 { return judged.isShadow }
    let part = UInt64(truncatingIfNeeded: judged.sharePart)
    guard fields.hashed &>> part & 1 != 0 else { return true }
    return fields.hashes[Int(part)].combined(with: judged.identity).low >= judged.shareLimit
  }

  /// Notes a rule that fired, with the counters that its condition compares.
  @inline(__always)
  private func fire(
    _ judged: JudgedRule, _ fields: borrowing FieldValues, _ readings: UnsafePointer<WindowReading>,
    _ verdict: inout Verdict
  ) {
    var fired = Verdict.Fired(
      rule: judged.rule, firstObservation: Int32(truncatingIfNeeded: verdict.observationCount), observationCount: 0,
      effect: judged.effect, isOtherwise: judged.firesWhenUnknown)
    for index in 0..<Int(judged.observationCount) {
      let plan = observationPlans[Int(judged.firstObservation) &+ index]
      let reading = Int(plan.reading)
      if fields.missingReadings[reading] != 0 { continue }
      verdict.observe(
        Verdict.Observation(
          index: Int32(truncatingIfNeeded: index), isAtLeast: readings[reading].flags.contains(.atLeast),
          isIncomplete: readings[reading].flags.contains(.incomplete), value: readings[reading].value,
          threshold: plan.threshold, windowMilliseconds: spans[reading]))
      fired.observationCount &+= 1
    }
    verdict.fire(fired, isShadow: isShadow(judged, fields))
  }
}

extension Verdict {
  @inline(__always)
  mutating func fire(_ entry: Fired, isShadow: Bool) {
    if isShadow {
      (shadowFired + shadowFiredCount).initialize(to: entry)
      shadowFiredCount &+= 1
    } else {
      (fired + firedCount).initialize(to: entry)
      firedCount &+= 1
      if entry.effect.rawValue > outcome.rawValue { outcome = entry.effect }
    }
  }

  @inline(__always)
  mutating func observe(_ observation: Observation) {
    (observations + observationCount).initialize(to: observation)
    observationCount &+= 1
  }

  @inline(__always)
  mutating func leaveOut(_ judged: JudgedRule, missing: Int32, isShadow: Bool) {
    let entry = Unevaluated(rule: judged.rule, missing: missing)
    if isShadow {
      (shadowUnevaluated + shadowUnevaluatedCount).initialize(to: entry)
      shadowUnevaluatedCount &+= 1
    } else {
      (unevaluated + unevaluatedCount).initialize(to: entry)
      unevaluatedCount &+= 1
    }
  }
}
