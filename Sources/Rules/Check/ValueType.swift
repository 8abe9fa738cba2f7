/// The types of the language. Nothing turns into anything else by itself, but for a whole number where a decimal is
/// wanted.
enum ValueType: Hashable, Sendable {
  case text
  case integer
  case decimal
  case boolean
  case money
  case time
  case duration
  case address
  case place
  case weekday
  case clock
  case distance
  case speed
  /// So many in a time.
  case rate
  /// A text that a counter remembers: it knows equal from different, no more.
  case rememberedText
  /// An address that a counter remembers.
  case rememberedAddress
  /// A word of an enumerated field.
  case choice(Field)
  /// Something wrong that was reported: it fits everywhere, so that no second error follows.
  case unknown

  /// How messages call a value of the type.
  var description: String {
    switch self {
    case .text: "a text"
    case .integer: "a whole number"
    case .decimal: "a decimal number"
    case .boolean: "a condition"
    case .money: "an amount of money"
    case .time: "a time"
    case .duration: "a duration"
    case .address: "an address"
    case .place: "a place"
    case .weekday: "a day of the week"
    case .clock: "a time of day"
    case .distance: "a distance"
    case .speed: "a speed"
    case .rate: "a rate"
    case .rememberedText: "a remembered text"
    case .rememberedAddress: "a remembered address"
    case .choice(let field): "a word of \(field.name)"
    case .unknown: "something wrong"
    }
  }

  /// Whether values of the type have an order.
  var isOrdered: Bool {
    switch self {
    case .integer, .decimal, .money, .time, .duration, .weekday, .clock, .distance, .speed, .rate, .unknown: true
    case .text, .boolean, .address, .place, .choice, .rememberedText, .rememberedAddress: false
    }
  }

  /// Whether the compiled plan keeps values of the type as numbers.
  var isNumeric: Bool {
    switch self {
    case .text, .boolean, .address, .place: false
    default: true
    }
  }
}
