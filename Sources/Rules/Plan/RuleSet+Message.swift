import Windows

extension RuleSet {
  /// The most bytes of a message with its values put in; the rest is cut off.
  public static let maxMessageBytes = 2_048

  /// Writes the message of a rule that fired into `buffer`, cut to its size, and says how many bytes it has. The
  /// arguments are those of the `decide` that fired it. A value that is not known shows as `?`, a count that is only known
  /// to be at least 6 as `6+`.
  public func writeMessage(
    of fired: Verdict.Fired, fields: borrowing FieldValues, readings: UnsafePointer<WindowReading>, time: Int64,
    into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    let rule = rules[Int(fired.rule)]
    let steps = fired.isOtherwise ? rule.otherwise?.messageSteps ?? 0..<0 : rule.consequence.messageSteps
    var writer = MessageWriter(buffer)
    for index in steps {
      let step = messageSteps[index]
      switch step.form {
      case .constant: writer.append(program.text(step.value))
      case .text:
        if fields.has(Int(step.slot)) { writer.append(fields.text(Int(step.slot))) } else { writer.appendUnknown() }
      case .number, .money: write(step, fields, &writer)
      case .readNumber, .readMoney, .readElapsed: write(step, fields, readings[Int(step.reading)], time, &writer)
      }
    }
    return writer.count
  }

  private func write(_ step: MessageStep, _ fields: borrowing FieldValues, _ writer: inout MessageWriter) {
    guard fields.has(Int(step.slot)) else { return writer.appendUnknown() }
    let value = fields.slots[Int(step.slot)].word
    if step.form == .money { writer.append(value, currency: fields.currency) } else { writer.append(number: value) }
  }

  private func write(
    _ step: MessageStep, _ fields: borrowing FieldValues, _ reading: WindowReading, _ time: Int64,
    _ writer: inout MessageWriter
  ) {
    guard fields.missingReadings[Int(step.reading)] == 0 else { return writer.appendUnknown() }
    switch step.form {
    case .readMoney: writer.append(reading.value, currency: fields.currency)
    case .readElapsed:
      guard reading.previousMilliseconds >= 0 else { return writer.appendUnknown() }
      writer.append(seconds: time.subtractingSaturated(reading.previousMilliseconds) / 1_000)
    default:
      writer.append(number: reading.value)
      if reading.flags.contains(.atLeast) { writer.append(UInt8(ascii: "+")) }
    }
  }
}

extension FieldValues {
  /// The activity's currency; empty when it is missing.
  fileprivate var currency: UnsafeRawBufferPointer {
    let slot = Field.amountCurrency.rawValue
    return has(slot) ? text(slot) : UnsafeRawBufferPointer(start: nil, count: 0)
  }
}
