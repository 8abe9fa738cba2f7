/// The two stacks of a running program, in the scratch memory of `FieldValues`. The compiler has made sure that no program
/// goes deeper than `Limits.maxStackDepth` or takes more than there is.
struct Stack {
  private let numbers: UnsafeMutablePointer<Int64>
  private let missingNumbers: UnsafeMutablePointer<UInt16>
  private let conditions: UnsafeMutablePointer<UInt16>
  private var numberCount = 0
  private var conditionCount = 0

  @inline(__always)
  init(_ fields: borrowing FieldValues) {
    (numbers, missingNumbers, conditions) = (fields.numbers, fields.missingNumbers, fields.conditions)
  }

  /// The result of a whole program.
  @inline(__always)
  var top: UInt16 { conditions[conditionCount &- 1] }

  // MARK: - Numbers

  @inline(__always)
  mutating func push(_ value: Int64, missing: UInt16) {
    assert(numberCount < Limits.maxStackDepth)
    numbers[numberCount] = value
    missingNumbers[numberCount] = missing
    numberCount &+= 1
  }

  @inline(__always)
  mutating func combine(_ operation: (Int64, Int64) -> Int64) {
    numberCount &-= 1
    let (left, right) = (numberCount &- 1, numberCount)
    numbers[left] = operation(numbers[left], numbers[right])
    if missingNumbers[left] == 0 { missingNumbers[left] = missingNumbers[right] }
  }

  @inline(__always)
  mutating func markMissing(_ code: UInt16) {
    if missingNumbers[numberCount &- 1] == 0 { missingNumbers[numberCount &- 1] = code }
  }

  // MARK: - From numbers to conditions

  @inline(__always)
  mutating func compare(_ relation: Relation) {
    numberCount &-= 2
    let (left, right) = (missingNumbers[numberCount], missingNumbers[numberCount &+ 1])
    let result = relation.holds(numbers[numberCount], numbers[numberCount &+ 1])
    push(condition: left != 0 ? left : right != 0 ? right : result)
  }

  /// Between two bounds, both included; around the end when the first is above the second.
  @inline(__always)
  mutating func range(_ low: Int64, _ high: Int64) {
    test { low <= high ? low <= $0 && $0 <= high : low <= $0 || $0 <= high }
  }

  @inline(__always)
  mutating func test(_ holds: (Int64) -> Bool) {
    numberCount &-= 1
    let missing = missingNumbers[numberCount]
    push(condition: missing != 0 ? missing : Truth.of(holds(numbers[numberCount])))
  }

  // MARK: - Conditions (Kleene's strong logic; of two unknowns the first one's field is kept)

  @inline(__always)
  mutating func push(condition: UInt16) {
    assert(conditionCount < Limits.maxStackDepth)
    conditions[conditionCount] = condition
    conditionCount &+= 1
  }

  @inline(__always)
  mutating func negate() {
    let value = conditions[conditionCount &- 1]
    conditions[conditionCount &- 1] = value > 1 ? value : 1 &- value
  }

  @inline(__always)
  mutating func and() {
    conditionCount &-= 1
    let (left, right) = (conditions[conditionCount &- 1], conditions[conditionCount])
    conditions[conditionCount &- 1] = left == 0 || right == 0 ? 0 : left == 1 ? right : left
  }

  @inline(__always)
  mutating func or() {
    conditionCount &-= 1
    let (left, right) = (conditions[conditionCount &- 1], conditions[conditionCount])
    conditions[conditionCount &- 1] = left == 1 || right == 1 ? 1 : left == 0 ? right : left
  }
}
