/// A text that is not JSON.
public struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was expected or found.
  public let message: String
  /// From 1.
  public let line: Int
  /// From 1, in bytes.
  public let column: Int

  public var description: String { "line \(line), column \(column): \(message)" }
}
