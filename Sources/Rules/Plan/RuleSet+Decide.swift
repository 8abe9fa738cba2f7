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
    let triggers = triggers(kindPlan, fields, readings)
    var next = judgedRules.pointer + Int(kindPlan.pointee.firstRule)
    let end = next + Int(kindPlan.pointee.ruleCount)
    while next < end {
      let rule = next
      next += 1
      if rule.pointee.triggers & triggers == 0 { continue }
      let result = judge(rule.pointee.programStart, rule.pointee.programCount, &fields, readings, time)
      if result == Truth.no { continue }
      if (result > Truth.yes) == rule.pointee.firesWhenUnknown {
        fire(rule, fields, readings, time, &verdict)
      } else if result > Truth.yes && !rule.pointee.hasOtherwise {
        verdict.leaveOut(
          rule.pointee.rule, missing: Int32(result &- Truth.firstSlot), isShadow: isShadow(rule, fields))
      }
    }
  }

  /// Which of the kind's triggers are set.
  @inline(__always)
  func triggers(
    _ kindPlan: UnsafePointer<KindPlan>, _ fields: borrowing FieldValues, _ readings: UnsafePointer<WindowReading>
  ) -> UInt64 {
    var bits = TriggerPlan.always
    var next = triggerPlans.pointer + Int(kindPlan.pointee.firstTrigger)
    let end = next + Int(kindPlan.pointee.triggerCount)
    while next < end {
      let reading = Int(next.pointee.reading)
      let isSet = readings[reading].value >= next.pointee.bound || fields.missingReadings[reading] != 0
      if isSet { bits |= next.pointee.bit }
      next += 1
    }
    return bits
  }

  /// Whether the rule has no effect on this activity: by its mode, or because its key is not in the share.
  @inline(__always)
  private func isShadow(_ judged: UnsafePointer<JudgedRule>, _ fields: borrowing FieldValues) -> Bool {
    if judged.pointee.isShadow || judged.pointee.sharePart < 0 { return judged.pointee.isShadow }
    let part = UInt64(truncatingIfNeeded: judged.pointee.sharePart)
    guard fields.hashed &>> part & 1 != 0 else { return true }
    return fields.hashes[Int(part)].combined(with: judged.pointee.identity).low >= judged.pointee.shareLimit
  }

  /// Notes a rule that fired, with the counters that its condition compares.
  @inline(__always)
  private func fire(
    _ judged: UnsafePointer<JudgedRule>, _ fields: borrowing FieldValues, _ readings: UnsafePointer<WindowReading>,
    _ time: Int64, _ verdict: inout Verdict
  ) {
    var fired = Verdict.Fired(
      rule: judged.pointee.rule, firstObservation: Int32(truncatingIfNeeded: verdict.observationCount),
      observationCount: 0, effect: judged.pointee.effect, isOtherwise: judged.pointee.firesWhenUnknown)
    let plans = observationPlans.pointer + Int(judged.pointee.firstObservation)
    var index = 0
    while index < Int(judged.pointee.observationCount) {
      let reading = Int(plans[index].reading)
      let seen = observed(plans[index].form, readings[reading], time)
      if fields.missingReadings[reading] == 0 && seen.isKnown {
        verdict.observe(
          Verdict.Observation(
            index: Int32(truncatingIfNeeded: index), isAtLeast: readings[reading].flags.contains(.atLeast),
            isIncomplete: readings[reading].flags.contains(.incomplete), value: seen.value,
            threshold: plans[index].threshold, windowMilliseconds: spans[reading]))
        fired.observationCount &+= 1
      }
      index &+= 1
    }
    verdict.fire(fired, isShadow: isShadow(judged, fields))
  }

  /// The value that was compared, and whether there was one.
  @inline(__always)
  private func observed(
    _ form: ObservationPlan.Form, _ reading: WindowReading, _ time: Int64
  ) -> (value: Int64, isKnown: Bool) {
    switch form {
    case .value: (reading.value, true)
    case .presentValue: (reading.value, reading.isPresent)
    case .elapsed: (reading.elapsed(at: time), reading.previousMilliseconds >= 0)
    case .lockRemaining: (reading.lockRemaining(at: time), true)
    }
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
  mutating func leaveOut(_ rule: Int32, missing: Int32, isShadow: Bool) {
    let entry = Unevaluated(rule: rule, missing: missing)
    if isShadow {
      (shadowUnevaluated + shadowUnevaluatedCount).initialize(to: entry)
      shadowUnevaluatedCount &+= 1
    } else {
      (unevaluated + unevaluatedCount).initialize(to: entry)
      unevaluatedCount &+= 1
    }
  }
}
