import Windows

extension RuleSet {
  /// What a condition comes to. Many are the comparison of one counter, which needs no stack.
  @inline(__always)
  func judge(
    _ start: Int32, _ count: Int32, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> UInt16 {
    let only = program.instructions.pointer + Int(start)
    guard count == 1 else { return run(start, count, &fields, readings, time) }
    switch only.pointee.operation {
    case .compareReadingConstant:
      return compareReading(only.pointee.index, only.pointee.comparison, only.pointee.value, fields, readings)
    case .hourRange, .clockRange: return judgeWallClock(only, &fields, time)
    default: return run(start, count, &fields, readings, time)
    }
  }

  /// Whether the hour or the minute of the day is between two bounds, around midnight when the first is above the second.
  @inline(__always)
  private func judgeWallClock(
    _ step: UnsafePointer<Instruction>, _ fields: inout FieldValues, _ time: Int64
  ) -> UInt16 {
    let minute = minute(of: time, zone: step.pointee.index, &fields)
    let value = step.pointee.operation == .hourRange ? minute / 60 : minute
    let (low, high) = (step.pointee.value >> 32, step.pointee.value & 0xFFFF_FFFF)
    return Truth.of(low <= high ? low <= value && value <= high : low <= value || value <= high)
  }

  @inline(__always)
  private func compareReading(
    _ index: Int32, _ comparison: Relation, _ threshold: Int64, _ fields: borrowing FieldValues,
    _ readings: UnsafePointer<WindowReading>
  ) -> UInt16 {
    let missing = fields.missingReadings[Int(index)]
    return missing != 0 ? missing : comparison.holds(readings[Int(index)].value, threshold)
  }

  /// Runs a condition's program; see `Instruction` for what the result means. The steps that most programs are made of
  /// are done here, so that the loop keeps its registers; the others on their own.
  func run(
    _ start: Int32, _ count: Int32, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> UInt16 {
    var stack = Stack(fields)
    var next = program.instructions.pointer + Int(start)
    let end = next + Int(count)
    while next < end {
      let step = next
      next += 1
      switch step.pointee.operation {
      case .truth: stack.push(condition: UInt16(truncatingIfNeeded: step.pointee.value))
      case .known: stack.push(condition: Truth.of(fields.has(Int(step.pointee.slot))))
      case .flag:
        let missing = fields.missing(step.pointee.slot)
        let word = fields.slots[Int(step.pointee.slot)].word
        stack.push(condition: missing != 0 ? missing : Truth.of(word != 0))
      case .not: stack.negate()
      case .skipIfFalse: if stack.top == Truth.no { next += Int(step.pointee.index) }
      case .skipIfTrue: if stack.top == Truth.yes { next += Int(step.pointee.index) }
      case .and: stack.and()
      case .or: stack.or()
      case .compareFieldConstant:
        let missing = fields.missing(step.pointee.slot)
        let word = fields.slots[Int(step.pointee.slot)].word
        stack.push(condition: missing != 0 ? missing : step.pointee.comparison.holds(word, step.pointee.value))
      case .compareReadingConstant:
        stack.push(
          condition: compareReading(
            step.pointee.index, step.pointee.comparison, step.pointee.value, fields, readings))
      case .ageBelow:
        let missing = fields.missing(step.pointee.slot)
        let age = time.subtractingSaturated(fields.slots[Int(step.pointee.slot)].word)
        stack.push(condition: missing != 0 ? missing : Truth.of(age < step.pointee.value))
      case .hour: stack.push(minute(of: time, zone: step.pointee.index, &fields) / 60, missing: 0)
      case .clock: stack.push(minute(of: time, zone: step.pointee.index, &fields), missing: 0)
      case .hourRange, .clockRange: stack.push(condition: judgeWallClock(step, &fields, time))
      case .range: stack.range(step.pointee.value, program.constants[Int(step.pointee.index)])
      case .textEquals, .textStartsWith, .textEndsWith, .textMatches, .textInList, .sameText:
        stack.push(condition: judgeText(step.pointee, &fields))
      default: runRarer(step.pointee, &stack, &fields, readings, time)
      }
    }
    return stack.top
  }

  @inline(never)
  private func runRarer(
    _ step: Instruction, _ stack: inout Stack, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>,
    _ time: Int64
  ) {
    switch step.operation {
    case .constant: stack.push(step.value, missing: 0)
    case .field: stack.push(fields.slots[Int(step.slot)].word, missing: fields.missing(step.slot))
    case .reading:
      stack.push(readings[Int(step.index)].value, missing: fields.missingReadings[Int(step.index)])
    case .presentReading, .elapsed:
      let (value, missing) = remembered(step, &fields, readings, time)
      stack.push(value, missing: missing)
    case .lockRemaining, .lockedSince, .lockedUntil:
      let (value, missing) = lock(step, &fields, readings, time)
      stack.push(value, missing: missing)
    case .place: stack.push(fields.place(step.slot), missing: fields.missingPlace(step.slot))
    case .distance: stack.combine { Geography.metres($0, $1) }
    case .speed:
      let elapsed = time.subtractingSaturated(readings[Int(step.index)].previousMilliseconds)
      stack.combine { Geography.metresAnHour(Geography.metres($0, $1), in: elapsed) }
    case .now: stack.push(time, missing: 0)
    case .weekday: stack.push(weekday(of: time, zone: step.index, &fields), missing: 0)
    case .add: stack.combine { $0.addingSaturated($1) }
    case .subtract: stack.combine { $0.subtractingSaturated($1) }
    case .multiply: stack.combine { $0.multipliedSaturated(by: $1) }
    case .divide: stack.combine { $1 == 0 ? 0 : $1 == -1 ? Int64(0).subtractingSaturated($0) : $0 / $1 }
    case .requireCurrency: requireCurrency(step, &stack, fields)
    case .compare: stack.compare(step.comparison)
    case .numberInList: stack.test { program.hasNumber($0, list: step.index) }
    case .addressInList:
      let isKnown = fields.readAddress()
      let result = Truth.of(isKnown && program.hasAddress(fields.addressBits, list: step.index))
      stack.push(condition: isKnown ? result : Truth.missing(slot: UInt8(Field.clientIP.rawValue)))
    case .remembered: stack.push(condition: judgeRemembered(step, &fields, readings))
    default: preconditionFailure("a step that `run` does itself")
    }
  }

  /// A value that a window may have none of.
  private func remembered(
    _ step: Instruction, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> (value: Int64, missing: UInt16) {
    let reading = readings[Int(step.index)]
    let isElapsed = step.operation == .elapsed
    let value = isElapsed ? reading.elapsed(at: time) : reading.value
    let isEmpty = isElapsed ? reading.previousMilliseconds < 0 : !reading.isPresent
    let missing = fields.missingReadings[Int(step.index)]
    return (value, missing != 0 ? missing : isEmpty ? emptiness(step.index) : 0)
  }

  /// What there is to say of a customer's lock; of a time, only while there is one.
  private func lock(
    _ step: Instruction, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>, _ time: Int64
  ) -> (value: Int64, missing: UInt16) {
    let reading = readings[Int(step.index)]
    let missing = fields.missingReadings[Int(step.index)]
    let remaining = reading.lockRemaining(at: time)
    if step.operation == .lockRemaining { return (remaining, missing) }
    let start = reading.previousMilliseconds
    let value = step.operation == .lockedSince ? start : start.addingSaturated(reading.value)
    return (value, missing != 0 ? missing : remaining == 0 ? emptiness(step.index) : 0)
  }

  /// Why a reading has no value though its group is known.
  private func emptiness(_ reading: Int32) -> UInt16 {
    Truth.firstCounter &+ UInt16(truncatingIfNeeded: readingCounters[Int(reading)])
  }

  /// Whether what a counter remembers is the activity's own, by their hashes.
  private func judgeRemembered(
    _ step: Instruction, _ fields: inout FieldValues, _ readings: UnsafePointer<WindowReading>
  ) -> UInt16 {
    let missing = fields.missingReadings[Int(step.index)]
    if missing != 0 { return missing }
    if !readings[Int(step.index)].isPresent { return emptiness(step.index) }
    let part = UInt64(truncatingIfNeeded: step.value)
    guard fields.hashed &>> part & 1 != 0 else { return Truth.missing(slot: step.slot) }
    return Truth.of(Int64(bitPattern: fields.hashes[Int(part)].low) == readings[Int(step.index)].value)
  }

  /// What an instruction asks of a text.
  ///
  /// The fields are `inout`, here and below, for a call that borrows them gets a copy.
  private func judgeText(_ step: Instruction, _ fields: inout FieldValues) -> UInt16 {
    let missing = fields.missing(step.slot)
    if missing != 0 { return missing }
    let whole = fields.text(Int(step.slot))
    let text = step.isDomain ? whole.afterLastAt : whole
    if step.isDomain, text.isEmpty { return Truth.missing(slot: step.slot) }
    let holds: Bool
    switch step.operation {
    case .textEquals: holds = text.hasSameBytes(as: program.text(step.value))
    case .textStartsWith: holds = text.hasPrefix(program.text(step.value))
    case .textEndsWith: holds = text.hasSuffix(program.text(step.value))
    case .textMatches: holds = program.patterns[Int(step.index)].matches(text)
    case .textInList: holds = program.textLists[Int(step.index)].find(text) >= 0
    default: return judgeSame(text, step, &fields)
    }
    return Truth.of(holds)
  }

  private func judgeSame(
    _ text: UnsafeRawBufferPointer, _ step: Instruction, _ fields: inout FieldValues
  ) -> UInt16 {
    let slot = UInt8(truncatingIfNeeded: step.index)
    let missing = fields.missing(slot)
    if missing != 0 { return missing }
    let whole = fields.text(Int(slot))
    let other = step.value != 0 ? whole.afterLastAt : whole
    if step.value != 0, other.isEmpty { return Truth.missing(slot: slot) }
    return Truth.of(text.hasSameBytes(as: other))
  }

  /// An amount in another currency cannot be compared: it is missing for want of this one.
  @inline(__always)
  private func requireCurrency(_ step: Instruction, _ stack: inout Stack, _ fields: borrowing FieldValues) {
    let isThis = fields.has(Int(step.slot)) && fields.text(Int(step.slot)).hasSameBytes(as: program.text(step.value))
    if !isThis { stack.markMissing(Truth.missing(slot: step.slot)) }
  }

  /// Milliseconds of the zone's wall clock since 1970.
  @inline(__always)
  private func wallClock(_ time: Int64, zone: Int32, _ fields: inout FieldValues) -> Int64 {
    if fields.offset.zone != zone || time < fields.offset.start || time >= fields.offset.end {
      fields.offset = program.offset(at: time, zone: zone)
    }
    return time.addingSaturated(fields.offset.milliseconds)
  }

  /// Minutes of the zone's wall clock since midnight.
  @inline(__always)
  private func minute(of time: Int64, zone: Int32, _ fields: inout FieldValues) -> Int64 {
    let wall = wallClock(time, zone: zone, &fields)
    let isPast = wall < 0  // before 1970 the remainder is counted from the wrong midnight
    let millisecond = (isPast ? ~wall : wall).magnitude % 86_400_000
    return Int64(truncatingIfNeeded: (isPast ? 86_399_999 &- millisecond : millisecond) / 60_000)
  }

  /// 1 for Monday to 7 for Sunday.
  private func weekday(of time: Int64, zone: Int32, _ fields: inout FieldValues) -> Int64 {
    let day = wallClock(time, zone: zone, &fields).floorDivided(by: 86_400_000)
    let weekday = (day &+ 3) % 7  // 1970-01-01 was a Thursday
    return (weekday < 0 ? weekday &+ 7 : weekday) &+ 1
  }
}

extension WindowReading {
  /// How long ago the newest event was: a late activity sees one of its own time.
  @inline(__always)
  func elapsed(at time: Int64) -> Int64 { max(0, time.subtractingSaturated(previousMilliseconds)) }

  /// What is left of a customer's lock, if this is the reading of their locks.
  @inline(__always)
  func lockRemaining(at time: Int64) -> Int64 {
    isPresent ? CustomerLock.remaining(of: value, after: elapsed(at: time)) : 0
  }
}

extension FieldValues {
  /// 0, or the slot's code when it has no value.
  @inline(__always)
  func missing(_ slot: UInt8) -> UInt16 { has(Int(slot)) ? 0 : Truth.missing(slot: slot) }

  /// A place's coordinates in one word: latitude above, longitude below, both in millionths of a degree.
  @inline(__always)
  func place(_ slot: UInt8) -> Int64 {
    Geography.packed(latitude: slots[Int(slot)].word, longitude: slots[Int(slot) &+ 1].word)
  }

  @inline(__always)
  func missingPlace(_ slot: UInt8) -> UInt16 {
    let latitude = missing(slot)
    return latitude != 0 ? latitude : missing(slot &+ 1)
  }
}
