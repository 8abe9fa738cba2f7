extension Lowering {
  /// How deep the deeper of the two stacks gets while a program runs.
  static func depth(of program: ArraySlice<Instruction>) -> Int {
    var (numbers, conditions, deepest) = (0, 0, 0)
    for instruction in program {
      switch instruction.operation {
      case .constant, .field, .reading, .presentReading, .elapsed, .lockRemaining, .lockedSince, .lockedUntil, .place,
        .now, .hour, .weekday, .clock:
        numbers += 1
      case .add, .subtract, .multiply, .divide, .distance, .speed: numbers -= 1
      case .requireCurrency, .not, .skipIfFalse, .skipIfTrue: break
      case .and, .or: conditions -= 1
      case .compare: (numbers, conditions) = (numbers - 2, conditions + 1)
      case .range, .numberInList: (numbers, conditions) = (numbers - 1, conditions + 1)
      default: conditions += 1
      }
      deepest = max(deepest, numbers, conditions)
    }
    return deepest
  }
}
