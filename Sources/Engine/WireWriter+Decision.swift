import Rules
import Wire

/// Field numbers of `Decision` and what it is made of (gatehouse.proto); a test holds the bytes against the generated
/// types.
private enum Tag {
  static let outcome = WireTag(1, .varint)
  static let fired = WireTag(2, .lengthDelimited)
  static let notEvaluated = WireTag(3, .lengthDelimited)
  static let logIndex = WireTag(5, .varint)
  static let createdAt = WireTag(6, .varint)
  static let repeated = WireTag(7, .varint)
  static let durability = WireTag(8, .varint)
  static let shadowFired = WireTag(9, .lengthDelimited)
  static let shadowNotEvaluated = WireTag(10, .lengthDelimited)
  static let tooLate = WireTag(12, .varint)
  static let firedMessage = WireTag(3, .lengthDelimited)
  static let firedObservation = WireTag(4, .lengthDelimited)
  static let observationValue = WireTag(3, .varint)
  static let observationAtLeast = WireTag(4, .varint)
  static let observationThreshold = WireTag(5, .varint)
  static let observationIncomplete = WireTag(6, .varint)
}

extension WireWriter {
  /// Fields 1 to 4, 9 and 10 of a `Decision`: what the rules made of the activity.
  mutating func writeVerdict(
    _ verdict: borrowing Verdict, _ fragments: AnswerFragments.Table, _ messages: MessageSource
  ) {
    writeNonZero(Tag.outcome, Int64(verdict.outcome.rawValue))
    let observations = UnsafePointer(verdict.observations)
    for index in 0..<verdict.firedCount {
      writeFired(Tag.fired, verdict.fired[index], observations, fragments, messages)
    }
    for index in 0..<verdict.unevaluatedCount { write(Tag.notEvaluated, verdict.unevaluated[index], fragments) }
    writeRaw(fragments[fragments.version])
    for index in 0..<verdict.shadowFiredCount {
      writeFired(Tag.shadowFired, verdict.shadowFired[index], observations, fragments, messages)
    }
    for index in 0..<verdict.shadowUnevaluatedCount {
      write(Tag.shadowNotEvaluated, verdict.shadowUnevaluated[index], fragments)
    }
  }

  private mutating func write(_ tag: WireTag, _ missing: Verdict.Unevaluated, _ fragments: AnswerFragments.Table) {
    let rule = fragments[fragments.rules[Int(missing.rule)].unevaluated]
    let field = fragments[fragments.missingFields[Int(missing.missing)]]
    writeTag(tag)
    writeVarint(UInt64(rule.count + field.count))
    writeRaw(rule)
    writeRaw(field)
  }

  /// Field 12 of a `Decision`.
  mutating func writeTooLate() { writeNonZero(Tag.tooLate, 1) }

  /// Fields 5, 6 and 8 of a `Decision`: what became of it.
  mutating func writeOutcome(logIndex: UInt64?, createdAt: Int64, durability: Int32) {
    if let logIndex {
      writeTag(Tag.logIndex)
      writeVarint(logIndex)
    }
    writeNonZero(Tag.createdAt, createdAt)
    writeNonZero(Tag.durability, Int64(durability))
  }

  /// Field 7 of a `Decision`, and field 8 anew behind the first answer's: what stands last counts.
  mutating func writeRepeatedDecision(durability: Int32) {
    writeNonZero(Tag.repeated, 1)
    writeNonZero(Tag.durability, Int64(durability))
  }

  private mutating func writeFired(
    _ tag: WireTag, _ fired: Verdict.Fired, _ observations: UnsafePointer<Verdict.Observation>,
    _ fragments: AnswerFragments.Table, _ messages: MessageSource
  ) {
    let rule = fragments.rules[Int(fired.rule)]
    let head = fragments[fired.isOtherwise ? rule.firedOtherwise : rule.fired]
    let isMessageConstant = fired.isOtherwise ? rule.isOtherwiseMessageConstant : rule.isMessageConstant
    let seen = UnsafeBufferPointer(
      start: observations + Int(fired.firstObservation), count: Int(fired.observationCount))
    writeMessage(tag) { writer in
      writer.writeRaw(head)
      if !isMessageConstant {
        writer.writeTag(Tag.firedMessage)
        writer.writeBytes(messages.message(of: fired))
      }
      for observation in seen {
        let head = fragments[fragments.observations[Int(rule.firstObservation + observation.index)]]
        writer.writeMessage(Tag.firedObservation) { writer in
          writer.writeRaw(head)
          writer.writeNonZero(Tag.observationValue, observation.value)
          writer.writeNonZero(Tag.observationAtLeast, observation.isAtLeast ? 1 : 0)
          writer.writeNonZero(Tag.observationThreshold, observation.threshold)
          writer.writeNonZero(Tag.observationIncomplete, observation.isIncomplete ? 1 : 0)
        }
      }
    }
  }

  /// A varint with implicit presence: zero is not written.
  mutating func writeNonZero(_ tag: WireTag, _ value: Int64) {
    guard value != 0 else { return }
    writeTag(tag)
    writeVarint(UInt64(bitPattern: value))
  }
}
