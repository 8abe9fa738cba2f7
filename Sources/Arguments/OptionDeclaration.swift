/// What the parser and the help need to know of an option, whatever its type. Only `Option` conforms.
public protocol OptionDeclaration: Sendable {
  /// Small letters, digits and dashes: `io-queues`.
  var name: String { get }
  /// The letter of its short form: `-q`.
  var abbreviation: Character? { get }
  /// What stands for its value in help; nil for a flag, which takes none.
  var placeholder: String? { get }
  /// Whether it may be given more than once and with commas.
  var isList: Bool { get }
  /// One sentence without its full stop.
  var help: String { get }
  /// The default as help shows it.
  var defaultText: String? { get }
  /// The typed value of the texts given for it, in order; of nil, its default.
  func value(of texts: [String]?) throws(ValueError) -> any HeldValue
}

extension OptionDeclaration {
  var isFlag: Bool { placeholder == nil }

  /// `GATEHOUSE_IO_QUEUES`.
  func variable(prefix: String) -> String {
    prefix + "_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
  }
}
