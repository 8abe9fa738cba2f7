/// A named value that a command understands, under one name everywhere: `--io-queues 2` on the command line,
/// `GATEHOUSE_IO_QUEUES=2` in the environment, `io-queues = 2` in the configuration file.
///
///     static let timeout = Option<Duration>("timeout", .duration, default: .seconds(5), help: "Longest wait for an answer")
///     …
///     let wait = arguments[timeout]
///
/// An option always has a value: its default stands when nobody gives one. What must be given is an `Operand`.
///
/// - Important: Do not name an option `port`, `service-host` or `service-port`: Kubernetes sets `GATEHOUSE_PORT` and
///   its like in every container beside a service called gatehouse.
public struct Option<Value: Sendable>: OptionDeclaration {
  public let name: String
  public let abbreviation: Character?
  public let placeholder: String?
  public let isList: Bool
  public let help: String
  public let defaultText: String?
  let defaultValue: Value
  let parseAll: @Sendable ([String]) throws(ValueError) -> Value

  /// An option with a default.
  public init(
    _ name: String, _ type: ValueType<Value>, default value: Value, short abbreviation: Character? = nil,
    help: String
  ) {
    self.init(
      name, abbreviation, placeholder: type.placeholder, isList: false, help: help, defaultText: type.format(value),
      default: value, parseAll: { texts throws(ValueError) in try type.parse(texts.last ?? "") })
  }

  /// An option that may be absent.
  public init<Wrapped>(
    _ name: String, _ type: ValueType<Wrapped>, short abbreviation: Character? = nil, help: String
  ) where Value == Wrapped? {
    self.init(
      name, abbreviation, placeholder: type.placeholder, isList: false, help: help, defaultText: nil, default: nil,
      parseAll: { texts throws(ValueError) in try type.parse(texts.last ?? "") })
  }

  /// An option that may be given several times, and each time as a list with commas.
  public init<Element>(
    list name: String, _ type: ValueType<Element>, default value: [Element] = [],
    short abbreviation: Character? = nil, help: String
  ) where Value == [Element] {
    let defaultText = value.isEmpty ? nil : value.map(type.format).joined(separator: ",")
    self.init(
      name, abbreviation, placeholder: type.placeholder, isList: true, help: help, defaultText: defaultText,
      default: value,
      parseAll: { texts throws(ValueError) in
        var values: [Element] = []
        for text in texts {
          for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            values.append(try type.parse(trimmed(part)))
          }
        }
        return values
      })
  }

  /// A flag: `--name` turns it on, `--no-name` off.
  public init(flag name: String, short abbreviation: Character? = nil, help: String) where Value == Bool {
    self.init(
      name, abbreviation, placeholder: nil, isList: false, help: help, defaultText: nil, default: false,
      parseAll: { texts throws(ValueError) in try ValueType<Bool>.boolean.parse(texts.last ?? "") })
  }

  private init(
    _ name: String, _ abbreviation: Character?, placeholder: String?, isList: Bool, help: String,
    defaultText: String?, default value: Value, parseAll: @escaping @Sendable ([String]) throws(ValueError) -> Value
  ) {
    self.name = name
    self.abbreviation = abbreviation
    self.placeholder = placeholder
    self.isList = isList
    self.help = help
    self.defaultText = defaultText
    self.defaultValue = value
    self.parseAll = parseAll
  }

  public func value(of texts: [String]?) throws(ValueError) -> any HeldValue {
    Held(value: try texts.map(parseAll) ?? defaultValue)
  }
}
