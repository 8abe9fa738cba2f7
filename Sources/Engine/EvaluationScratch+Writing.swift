import Rules
import Windows
import Wire

extension EvaluationScratch {
  func readings(_ call: Int) -> UnsafeMutablePointer<WindowReading> {
    allReadings + call * maxReadings
  }

  /// Later than the windows remember keys for: it is recorded, and counts nowhere.
  @inline(__always)
  func isTooLate(_ evaluation: Evaluation) -> Bool {
    evaluation.createdAt &- evaluation.time > latenessMilliseconds
  }

  /// The entries of this pass, one behind the other.
  var entryBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: entries, count: entryCount == 0 ? 0 : ends[entryCount - 1])
  }

  /// Where each of them ends.
  var entryEnds: UnsafeBufferPointer<Int> { UnsafeBufferPointer(start: ends, count: entryCount) }

  /// An answer: what `body` writes, at most `maxAnswerBytes` and the mark of a repeat.
  func writeAnswer(_ body: (inout WireWriter) -> Void) -> UnsafeRawBufferPointer {
    let start = answers + answersUsed
    var writer = WireWriter(UnsafeMutableRawBufferPointer(start: start, count: Self.answerStride))
    body(&writer)
    return take(writer, from: start)
  }

  /// An answer that says nothing yet.
  func writeNothing() -> UnsafeRawBufferPointer { writeAnswer { _ in } }

  /// Judges a call by its readings and writes the verdict; where nothing wants the activity, nothing fires.
  func judge(_ call: Int, kind: Int32, time: Int64, isTooLate: Bool) -> UnsafeRawBufferPointer {
    let start = answers + answersUsed
    var writer = WireWriter(UnsafeMutableRawBufferPointer(start: start, count: Self.answerStride))
    if isTooLate { writer.writeTooLate() }
    guard kind >= 0 else {
      writer.writeRaw(fragments[fragments.version])
      return take(writer, from: start)
    }
    rules._withUnsafeGuaranteedRef { rules in
      rules.decide(kind: kind, fields: &fields[call], readings: readings(call), time: time, into: &verdict.pointee)
      if counts.note(verdict.pointee, kind: kind) {
        counts.time(rules, kind: kind, fields: &fields[call], readings: readings(call), time: time)
      }
    }
    let messages = MessageSource(
      rules: rules, fields: fields + call, readings: readings(call), time: time, room: message)
    writer.writeVerdict(verdict.pointee, fragments, messages)
    if time < warmAt { generation.warmUp.forEach(kind: kind, at: time) { writer.writeRaw($0) } }
    return take(writer, from: start)
  }

  private func take(_ writer: WireWriter, from start: UnsafeMutableRawPointer) -> UnsafeRawBufferPointer {
    precondition(!writer.hasOverflowed, "an answer is longer than the rules allow")
    answersUsed += writer.count + Self.outcomeBytes
    return UnsafeRawBufferPointer(start: start, count: writer.count)
  }

  /// Appends to the answer written last or before, into the room that every answer has behind it.
  func extend(_ answer: UnsafeRawBufferPointer, _ body: (inout WireWriter) -> Void) -> UnsafeRawBufferPointer {
    guard let base = answer.baseAddress else { return answer }
    let room = UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(mutating: base) + answer.count, count: Self.outcomeBytes)
    var writer = WireWriter(room)
    body(&writer)
    precondition(!writer.hasOverflowed, "an outcome is longer than its room")
    return UnsafeRawBufferPointer(start: base, count: answer.count + writer.count)
  }

  /// Adds the entry of one call.
  func writeEntry(
    _ call: Int, createdAt: Int64, activity: UnsafeRawBufferPointer, decision: UnsafeRawBufferPointer?
  ) {
    let start = entryBytes.count
    var writer = WireWriter(UnsafeMutableRawBufferPointer(start: entries + start, count: Self.entryStride))
    writer.writeEntry(createdAt: createdAt, activity: activity, decision: decision)
    precondition(!writer.hasOverflowed, "an entry is longer than its parts")
    (ends + entryCount).initialize(to: start + writer.count)
    (entryCalls + entryCount).initialize(to: Int32(truncatingIfNeeded: call))
    entryCount += 1
  }
}
