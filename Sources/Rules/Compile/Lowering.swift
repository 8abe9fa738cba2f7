/// Turns checked conditions into programs and gathers what these refer to.
struct Lowering {
  let file: CheckedFile
  /// The number of each reading in the plan.
  let readingIndices: [Reading: Int]
  var instructions: [Instruction] = []
  /// The programs of values that only explanations look at; they lie behind all others, out of the way.
  var explaining: [Instruction] = []
  /// The bytes of text constants, one after another.
  var texts: [UInt8] = []
  /// Upper bounds of ranges.
  var constants: [Int64] = []
  var patterns: [GlobPattern.Form] = []
  /// What is grouped by, told apart, remembered or shared out: each is hashed at most once an activity.
  var parts: [PartPlan] = []
  var messageSteps: [MessageStep] = []
  private var textPlaces: [String: Int64] = [:]

  init(file: CheckedFile, readingIndices: [Reading: Int]) {
    (self.file, self.readingIndices) = (file, readingIndices)
  }

  /// Appends the program of `condition` and says where it is.
  mutating func program(_ condition: Condition) -> Range<Int> {
    let tree = lower(condition)
    return tree.start..<tree.end
  }

  // MARK: - Conditions

  /// Appends a condition's program. The parts of a postfix program are programs: the tree says which.
  mutating func lower(_ condition: Condition) -> ConditionTree {
    var tree = ConditionTree(start: instructions.count)
    switch condition {
    case .noted(let inner, let note): return noted(lower(inner), note)
    case .not(let inner):
      tree.children = [lower(inner)]
      emit(Instruction(operation: .not))
    case .all(let parts): tree.children = join(parts, .and)
    case .any(let parts): tree.children = join(parts, .or)
    case .constant(let value):
      tree.text = "\(value)"
      emit(Instruction(operation: .truth, value: value ? 1 : 0))
    case .flag(let slot):
      tree.text = Field(rawValue: slot)?.name ?? ""
      emit(Instruction(operation: .flag, slot: UInt8(slot)))
    case .known(let slot): emit(Instruction(operation: .known, slot: UInt8(slot)))
    case .comparison(let comparison, let left, let right): compare(Relation(comparison), left, right)
    case .range(.time(.hour, let zone), let low, let high):
      emit(Instruction(operation: .hourRange, index: Int32(zone), value: low << 32 | high))
    case .range(.time(.clock, let zone), let low, let high):
      emit(Instruction(operation: .clockRange, index: Int32(zone), value: low << 32 | high))
    case .range(let quantity, let low, let high):
      lower(quantity)
      constants.append(high)
      emit(Instruction(operation: .range, index: Int32(constants.count - 1), value: low))
    case .number(let quantity, let list):
      lower(quantity)
      emit(Instruction(operation: .numberInList, index: Int32(list)))
    case .address(let list): emit(Instruction(operation: .addressInList, index: Int32(list)))
    case .remembered(let reading, let part):
      let place = Int64(self.part(part, isKey: false))
      emit(
        Instruction(operation: .remembered, slot: UInt8(part.slot), index: Int32(index(of: reading)), value: place))
    case .sameText(let left, let right):
      emit(
        Instruction(
          operation: .sameText, slot: UInt8(left.slot), isDomain: left.isDomain, index: Int32(right.slot),
          value: right.isDomain ? 1 : 0))
    case .text(let source, let constant): emit(.textEquals, source, constant)
    case .textList(let source, let list):
      emit(
        Instruction(operation: .textInList, slot: UInt8(source.slot), isDomain: source.isDomain, index: Int32(list)))
    case .textTest(let test, let source, let pattern): lower(test, source, pattern)
    }
    tree.end = instructions.count
    return tree
  }

  private mutating func lower(_ test: Expression.TextTest, _ source: TextSource, _ pattern: String) {
    switch test {
    case .matches: match(source, .glob(pattern))
    case .contains: match(source, .containing(pattern))
    case .startsWith: emit(.textStartsWith, source, pattern)
    case .endsWith: emit(.textEndsWith, source, pattern)
    }
  }

  private mutating func match(_ source: TextSource, _ form: GlobPattern.Form) {
    let index = patterns.firstIndex(of: form) ?? patterns.count
    if index == patterns.count { patterns.append(form) }
    emit(
      Instruction(operation: .textMatches, slot: UInt8(source.slot), isDomain: source.isDomain, index: Int32(index)))
  }

  /// The parts one by one, so that the stack stays as deep as the nesting; once a part decides, the rest is skipped.
  private mutating func join(_ parts: [Condition], _ operation: Instruction.Operation) -> [ConditionTree] {
    var trees: [ConditionTree] = []
    var skips: [Int] = []
    for (index, part) in parts.enumerated() {
      if index > 0 {
        skips.append(instructions.count)
        emit(Instruction(operation: operation == .and ? .skipIfFalse : .skipIfTrue))
      }
      trees.append(lower(part))
      if index > 0 { emit(Instruction(operation: operation)) }
    }
    for skip in skips { instructions[skip].index = Int32(instructions.count - skip - 1) }
    return trees
  }

  /// The common comparisons are one step each.
  private mutating func compare(_ relation: Relation, _ left: Quantity, _ right: Quantity) {
    switch (left, right) {
    case (.slot(let slot), .constant(let value)), (.decimalSlot(let slot), .constant(let value)):
      emit(
        Instruction(operation: .compareFieldConstant, slot: UInt8(slot), comparison: relation, value: value))
    case (.reading(let reading), .constant(let value)) where file.counters[reading.counter].aggregate.isCount:
      emit(
        Instruction(
          operation: .compareReadingConstant, comparison: relation, index: Int32(index(of: reading)), value: value))
    case (.arithmetic(.subtract, .now, .slot(let slot)), .constant(let value)) where relation.accepted == 1:
      emit(Instruction(operation: .ageBelow, slot: UInt8(slot), value: value))
    default:
      lower(left)
      lower(right)
      emit(Instruction(operation: .compare, comparison: relation))
    }
  }

  // MARK: - Numbers

  mutating func lower(_ quantity: Quantity) {
    switch quantity {
    case .constant(let value): emit(Instruction(operation: .constant, value: value))
    case .slot(let slot), .decimalSlot(let slot): emit(Instruction(operation: .field, slot: UInt8(slot)))
    case .reading(let reading):
      let aggregate = file.counters[reading.counter].aggregate
      emit(Instruction(operation: Self.operation(aggregate), index: Int32(index(of: reading))))
    case .place(let slot): emit(Instruction(operation: .place, slot: UInt8(slot)))
    case .distance(let from, let to):
      lower(from)
      lower(to)
      emit(Instruction(operation: .distance))
    case .speed(let reading, let place):
      lower(.reading(reading))
      lower(place)
      emit(Instruction(operation: .speed, index: Int32(index(of: reading))))
    case .lockRemaining(let reading): emit(Instruction(operation: .lockRemaining, index: Int32(index(of: reading))))
    case .lockedSince(let reading): emit(Instruction(operation: .lockedSince, index: Int32(index(of: reading))))
    case .lockedUntil(let reading): emit(Instruction(operation: .lockedUntil, index: Int32(index(of: reading))))
    case .now: emit(Instruction(operation: .now))
    case .time(let part, let zone): emit(Instruction(operation: Self.operation(part), index: Int32(zone)))
    case .arithmetic(let operation, let left, let right):
      lower(left)
      lower(right)
      emit(Instruction(operation: Self.operation(operation)))
    case .inCurrency(let inner, let currency):
      lower(inner)
      emit(.requireCurrency, TextSource(slot: Field.amountCurrency.rawValue), currency)
    }
  }

  /// A sum of nothing is 0; a smallest value of nothing is missing.
  static func operation(_ aggregate: Aggregate) -> Instruction.Operation {
    switch aggregate {
    case .count, .rate, .distinct, .sum: .reading
    case .average, .min, .max, .first, .last: .presentReading
    case .timeSince: .elapsed
    }
  }

  private static func operation(_ part: Expression.TimePart) -> Instruction.Operation {
    switch part {
    case .hour: .hour
    case .weekday: .weekday
    case .clock: .clock
    }
  }

  private static func operation(_ arithmetic: Expression.Arithmetic) -> Instruction.Operation {
    switch arithmetic {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    }
  }

  /// Readings were gathered from the same conditions, so each has its number.
  func index(of reading: Reading) -> Int {
    guard let index = readingIndices[reading] else { preconditionFailure("a reading that was not gathered") }
    return index
  }

  // MARK: - Emitting

  mutating func emit(_ instruction: Instruction) { instructions.append(instruction) }

  private mutating func emit(_ operation: Instruction.Operation, _ source: TextSource, _ text: String) {
    emit(
      Instruction(operation: operation, slot: UInt8(source.slot), isDomain: source.isDomain, value: place(of: text)))
  }

  /// Where a text stands in the pool: its offset, and its length in the low 16 bits.
  mutating func place(of text: String) -> Int64 {
    if let known = textPlaces[text] { return known }
    let place = Int64(texts.count) << 16 | Int64(text.utf8.count)
    textPlaces[text] = place
    texts += text.utf8
    return place
  }
}
