/// What an expression stands for once it is checked.
enum Value {
  case condition(Condition)
  case number(Quantity, ValueType)
  case text(TextSource)
  case constantText(String)
  /// The client's address.
  case address
  /// So many in so many milliseconds.
  case rate(Int64, perMilliseconds: Int64)
  /// Wrong, and reported.
  case failed

  var type: ValueType {
    switch self {
    case .condition: .boolean
    case .number(_, let type): type
    case .text, .constantText: .text
    case .address: .address
    case .rate: .rate
    case .failed: .unknown
    }
  }

  /// A counter has a part in it.
  var hasReading: Bool {
    var isFound = false
    switch self {
    case .condition(let condition): condition.forEachReading { _ in isFound = true }
    case .number(let quantity, _): quantity.forEachReading { _ in isFound = true }
    case .text, .constantText, .address, .rate, .failed: break
    }
    return isFound
  }
}
