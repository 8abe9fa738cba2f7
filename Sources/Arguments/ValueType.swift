/// How a text becomes a value and a value a text, for options and operands.
///
///     let percent = ValueType<Int>.integer(in: 0...100)
///
/// The standard types are in the extensions: texts, numbers, choices, durations, byte sizes.
public struct ValueType<Value: Sendable>: Sendable {
  /// What stands for a value in help: `DURATION`.
  public let placeholder: String
  /// Reads one value.
  public let parse: @Sendable (String) throws(ValueError) -> Value
  /// Writes a value as `parse` reads it, to show defaults.
  public let format: @Sendable (Value) -> String

  public init(
    placeholder: String, parse: @escaping @Sendable (String) throws(ValueError) -> Value,
    format: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.parse = parse
    self.format = format
  }

  /// A type that already reads its own text, such as one with `init?(_ text: String)`.
  ///
  /// - Parameters:
  ///   - noun: what a text should have been: `an address`.
  ///   - advice: how to write one.
  public init(
    placeholder: String, noun: String, advice: String, parse: @escaping @Sendable (String) -> Value?,
    format: @escaping @Sendable (Value) -> String
  ) {
    self.init(
      placeholder: placeholder,
      parse: { text throws(ValueError) in
        guard let value = parse(text) else { throw ValueError("is not \(noun)", advice: advice) }
        return value
      },
      format: format)
  }

  /// The same type under another name in help: `.string.named("DIRECTORY")`.
  public func named(_ placeholder: String) -> ValueType {
    ValueType(placeholder: placeholder, parse: parse, format: format)
  }
}
