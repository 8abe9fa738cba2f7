import Windows

/// Judges sample activities one after another by the compiled rules over plain windows: what `gatehouse rules test` runs.
public struct Rehearsal: ~Copyable {
  public let ruleSet: RuleSet
  private var windows = PlainWindows()
  private var fields: FieldValues
  private var verdict: Verdict

  public init(_ ruleSet: RuleSet) {
    self.ruleSet = ruleSet
    fields = FieldValues(for: ruleSet, hasher: KeyHasher(key0: 0, key1: 0))  // rehearsals need no secret
    verdict = Verdict(for: ruleSet)
  }

  /// Records the activity and says what the rules make of it, and on request why.
  public mutating func judge(_ activity: SampleActivity, explaining: Bool = false) -> SampleDecision {
    let kind = select(activity.kind)
    guard kind >= 0 else { return SampleDecision(outcome: .none, fired: [], unevaluated: []) }
    return withTexts(of: activity) { rehearsal, activity in
      rehearsal.judgeFilled(kind, activity.time, explaining)
    }
  }

  private func select(_ kind: String) -> Int32 {
    let parts = kind.split(separator: ".", maxSplits: 1)
    guard parts.count == 2 else { return -1 }
    return Array(parts[0].utf8).withUnsafeBytes { entity in
      Array(parts[1].utf8).withUnsafeBytes { ruleSet.selectKind(entity: entity, action: $0) }
    }
  }

  /// Fills the fields; the activity's texts lie side by side in one buffer while `body` runs.
  private mutating func withTexts(
    of activity: SampleActivity, _ body: (inout Rehearsal, SampleActivity) -> SampleDecision
  ) -> SampleDecision {
    var bytes: [UInt8] = []
    var places: [String: Range<Int>] = [:]
    for case (let name, .text(let text)) in activity.fields {
      places[name] = bytes.count..<bytes.count + text.utf8.count
      bytes += text.utf8
    }
    bytes.append(0)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    fields.removeAll()
    for (name, value) in activity.fields {
      fill(name, value, places[name].map { UnsafeRawBufferPointer(rebasing: buffer[$0]) })
    }
    return body(&self, activity)
  }

  private mutating func fill(_ name: String, _ value: SampleActivity.Value, _ bytes: UnsafeRawBufferPointer?) {
    if let field = Field(name: name) {
      switch value {
      case .text: if let bytes { fields.setText(bytes, for: field) }
      case .integer(let integer): fields.setInteger(integer, for: field)
      case .boolean(let boolean): fields.setBoolean(boolean, for: field)
      case .decimal(let decimal): fields.setDecimal(decimal, for: field)
      }
    } else if let index = ruleSet.attributeNames.firstIndex(where: { "attributes." + $0 == name }), let bytes {
      fields.setAttribute(bytes, at: index)
    }
  }

  private mutating func judgeFilled(_ kind: Int32, _ time: Int64, _ explaining: Bool) -> SampleDecision {
    let queues = OperationQueues(for: ruleSet, maxActivities: 1, shards: 1)
    let readings = UnsafeMutableBufferPointer<WindowReading>.allocate(capacity: max(1, ruleSet.maxReadings))
    readings.initialize(repeating: WindowReading())
    defer { readings.deallocate() }
    guard let answers = readings.baseAddress else {
      return SampleDecision(outcome: .none, fired: [], unevaluated: [])
    }
    ruleSet.plan(kind: kind, fields: &fields, time: time, contribution: .record, into: queues)
    for (counter, plan) in ruleSet.counters.enumerated() {
      for operation in queues.operations(ofShard: 0, counter: counter) {
        windows.record(operation, of: counter)
        for index in Int(operation.firstReading)..<Int(operation.firstReading) + Int(operation.readingCount) {
          answers[index] = windows.read(operation, of: counter, span: ruleSet.spans[index], shape: plan.shape)
        }
      }
    }
    ruleSet.decide(kind: kind, fields: &fields, readings: answers, time: time, into: &verdict)
    var decision = decision(answers, time)
    let spoken = Set((decision.fired + decision.shadow).map(\.rule) + decision.unevaluated.map(\.rule))
    decision.silent = ruleSet.rules(of: kind).map { ruleSet.rules[$0].name }.filter { !spoken.contains($0) }
    guard explaining else { return decision }
    for index in ruleSet.rules(of: kind) {
      decision.explanations[ruleSet.rules[index].name] =
        ruleSet.explain(rule: index, fields: &fields, readings: answers, time: time)
    }
    return decision
  }

  private func decision(_ readings: UnsafePointer<WindowReading>, _ time: Int64) -> SampleDecision {
    SampleDecision(
      outcome: verdict.outcome,
      fired: (0..<verdict.firedCount).map { fired(verdict.fired[$0], readings, time) },
      unevaluated: (0..<verdict.unevaluatedCount).map {
        SampleDecision.Unevaluated(
          rule: ruleSet.rules[Int(verdict.unevaluated[$0].rule)].name,
          missingField: ruleSet.missingName(verdict.unevaluated[$0].missing))
      },
      shadow: (0..<verdict.shadowFiredCount).map { fired(verdict.shadowFired[$0], readings, time) })
  }

  private func fired(
    _ fired: Verdict.Fired, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> SampleDecision.Fired {
    let rule = ruleSet.rules[Int(fired.rule)]
    let observations = (0..<fired.observationCount).map { offset in
      let seen = verdict.observations[Int(fired.firstObservation + offset)]
      return SampleDecision.Observation(
        counter: rule.observations[Int(seen.index)].counter, windowMilliseconds: seen.windowMilliseconds,
        value: seen.value, isAtLeast: seen.isAtLeast, threshold: seen.threshold)
    }
    var message = [UInt8](repeating: 0, count: RuleSet.maxMessageBytes)
    let length = message.withUnsafeMutableBytes {
      ruleSet.writeMessage(of: fired, fields: fields, readings: readings, time: time, into: $0)
    }
    return SampleDecision.Fired(
      rule: rule.name, effect: fired.effect, message: String(decoding: message[..<length], as: UTF8.self),
      observations: observations)
  }
}
