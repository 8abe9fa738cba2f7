/// What the parser and the help need to know of an operand, whatever its type. Only `Operand` conforms.
public protocol OperandDeclaration: Sendable {
  /// In capitals: `FILE`.
  var name: String { get }
  /// One sentence without its full stop.
  var help: String { get }
  /// How many texts it needs.
  var minimumCount: Int { get }
  /// How many texts it can take.
  var maximumCount: Int { get }
  /// The typed value of the texts that fell to it.
  func value(of texts: [String]) throws(ValueError) -> any HeldValue
}

extension OperandDeclaration {
  /// As the usage line shows it: `FILE`, `[FILE]`, `FILE...`.
  var usage: String {
    let name = maximumCount > 1 ? self.name + "..." : self.name
    return minimumCount == 0 ? "[\(name)]" : name
  }
}
