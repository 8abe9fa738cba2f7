/// What an expression stands for once it is checked.
enum Value {
  case condition(Condition)
  case number(Quantity, ValueType)
  case text(TextSource)
  case constantText(String)
  /// The client's address.
  case address
  /// `location` or `home`: its parts can be compared.
  case place(String)
  /// Wrong, and reported.
  case failed

  var type: ValueType {
    switch self {
    case .condition: .boolean
    case .number(_, let type): type
    case .text, .constantText: .text
    case .address: .address
    case .place: .place
    case .failed: .unknown
    }
  }
}
