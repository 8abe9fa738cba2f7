/// A value known by its place on the command line: `gatehouse rules check FILE`.
public struct Operand<Value: Sendable>: OperandDeclaration {
  public let name: String
  public let help: String
  public let minimumCount: Int
  public let maximumCount: Int
  let parseAll: @Sendable ([String]) throws(ValueError) -> Value

  /// An operand that must be given.
  public init(_ name: String, _ type: ValueType<Value>, help: String) {
    self.init(name, help: help, counts: 1...1) { texts throws(ValueError) in try type.parse(texts.first ?? "") }
  }

  /// An operand that may be absent. Only others that may be absent can follow it.
  public init<Wrapped>(optional name: String, _ type: ValueType<Wrapped>, help: String) where Value == Wrapped? {
    self.init(name, help: help, counts: 0...1) { texts throws(ValueError) in
      guard let text = texts.first else { return nil }
      return try type.parse(text)
    }
  }

  /// All that is left, at least `minimum`. Nothing can follow it.
  public init<Element>(rest name: String, _ type: ValueType<Element>, minimum: Int, help: String)
  where Value == [Element] {
    self.init(name, help: help, counts: minimum...Int.max) { texts throws(ValueError) in
      var values: [Element] = []
      for text in texts { values.append(try type.parse(text)) }
      return values
    }
  }

  private init(
    _ name: String, help: String, counts: ClosedRange<Int>,
    parseAll: @escaping @Sendable ([String]) throws(ValueError) -> Value
  ) {
    self.name = name
    self.help = help
    self.minimumCount = counts.lowerBound
    self.maximumCount = counts.upperBound
    self.parseAll = parseAll
  }

  public func value(of texts: [String]) throws(ValueError) -> any HeldValue { Held(value: try parseAll(texts)) }
}
