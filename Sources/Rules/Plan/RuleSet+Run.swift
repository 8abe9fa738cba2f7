import Windows

extension RuleSet {
  /// Runs a condition's program; see `Instruction` for what the result means.
  func run(
    _ start: Int32, _ count: Int32, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> UInt8 {
    var stack = Stack(fields)
    var next = program.instructions.pointer + Int(start)
    let end = next + Int(count)
    while next < end {
      let step = next.pointee
      next += 1
      switch step.operation {
      case .constant: stack.push(step.value, missing: 0)
      case .field: stack.push(fields.slots[Int(step.slot)].word, missing: fields.missing(step.slot))
      case .reading:
        stack.push(readings[Int(step.index)].value, missing: fields.missingReadings[Int(step.index)])
      case .now: stack.push(time, missing: 0)
      case .hour, .weekday, .clock: stack.push(wallClock(step, time), missing: 0)
      case .add: stack.combine { $0.addingSaturated($1) }
      case .subtract: stack.combine { $0.subtractingSaturated($1) }
      case .multiply: stack.combine { $0.multipliedSaturated(by: $1) }
      case .divide: stack.combine { $1 == 0 ? 0 : $1 == -1 ? Int64(0).subtractingSaturated($0) : $0 / $1 }
      case .requireCurrency: requireCurrency(step, &stack, fields)
      case .truth: stack.push(condition: UInt8(truncatingIfNeeded: step.value))
      case .known: stack.push(condition: fields.has(Int(step.slot)) ? 1 : 0)
      case .flag:
        let missing = fields.missing(step.slot)
        stack.push(condition: missing != 0 ? missing : fields.slots[Int(step.slot)].word != 0 ? 1 : 0)
      case .not: stack.negate()
      case .and: stack.and()
      case .or: stack.or()
      case .compare: stack.compare(step.comparison)
      case .compareFieldConstant:
        let missing = fields.missing(step.slot)
        let result = step.comparison.holds(fields.slots[Int(step.slot)].word, step.value)
        stack.push(condition: missing != 0 ? missing : result)
      case .compareReadingConstant:
        let missing = fields.missingReadings[Int(step.index)]
        let result = missing != 0 ? missing : step.comparison.holds(readings[Int(step.index)].value, step.value)
        stack.push(condition: result)
      case .ageBelow:
        let missing = fields.missing(step.slot)
        let age = time.subtractingSaturated(fields.slots[Int(step.slot)].word)
        stack.push(condition: missing != 0 ? missing : age < step.value ? 1 : 0)
      case .range: stack.range(step.value, program.constants[Int(step.index)])
      case .numberInList: stack.test { program.hasNumber($0, list: step.index) }
      case .addressInList:
        let isKnown = fields.readAddress()
        let missing = UInt8(truncatingIfNeeded: Field.clientIP.rawValue &+ 2)
        let result: UInt8 = isKnown && program.hasAddress(fields.addressBits, list: step.index) ? 1 : 0
        stack.push(condition: isKnown ? result : missing)
      default: stack.push(condition: judgeText(step, fields))
      }
    }
    return stack.top
  }

  /// What an instruction asks of a text.
  private func judgeText(_ step: Instruction, _ fields: borrowing FieldValues) -> UInt8 {
    let missing = fields.missing(step.slot)
    if missing != 0 { return missing }
    let whole = fields.text(Int(step.slot))
    let text = step.isDomain ? whole.afterLastAt : whole
    if step.isDomain, text.isEmpty { return step.slot &+ 2 }
    let holds: Bool
    switch step.operation {
    case .textEquals: holds = text.hasSameBytes(as: program.text(step.value))
    case .textStartsWith: holds = text.hasPrefix(program.text(step.value))
    case .textEndsWith: holds = text.hasSuffix(program.text(step.value))
    case .textMatches: holds = program.patterns[Int(step.index)].matches(text)
    case .textInList: holds = program.textLists[Int(step.index)].find(text) >= 0
    default: return judgeSame(text, step, fields)
    }
    return holds ? 1 : 0
  }

  private func judgeSame(
    _ text: UnsafeRawBufferPointer, _ step: Instruction, _ fields: borrowing FieldValues
  ) -> UInt8 {
    let slot = UInt8(truncatingIfNeeded: step.index)
    let missing = fields.missing(slot)
    if missing != 0 { return missing }
    let whole = fields.text(Int(slot))
    let other = step.value != 0 ? whole.afterLastAt : whole
    if step.value != 0, other.isEmpty { return slot &+ 2 }
    return text.hasSameBytes(as: other) ? 1 : 0
  }

  /// An amount in another currency cannot be compared: it is missing for want of this one.
  @inline(__always)
  private func requireCurrency(_ step: Instruction, _ stack: inout Stack, _ fields: borrowing FieldValues) {
    let isThis = fields.has(Int(step.slot)) && fields.text(Int(step.slot)).hasSameBytes(as: program.text(step.value))
    if !isThis { stack.markMissing(step.slot &+ 2) }
  }

  /// Part of the activity's time in a zone.
  @inline(__always)
  private func wallClock(_ step: Instruction, _ time: Int64) -> Int64 {
    let wall = program.wallClock(time, zone: step.index)
    let day = wall.floorDivided(by: 86_400_000)
    let minute = (wall &- day &* 86_400_000) / 60_000
    switch step.operation {
    case .hour: return minute / 60
    case .clock: return minute
    default:
      let weekday = (day &+ 3) % 7  // 1970-01-01 was a Thursday
      return (weekday < 0 ? weekday &+ 7 : weekday) &+ 1
    }
  }
}

extension FieldValues {
  /// 0, or 2 + the slot when it has no value.
  @inline(__always)
  func missing(_ slot: UInt8) -> UInt8 { has(Int(slot)) ? 0 : slot &+ 2 }
}
