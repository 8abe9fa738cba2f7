/// A command line worth copying, and what it does.
public struct Example: Sendable {
  public let commandLine: String
  public let explanation: String

  public init(_ commandLine: String, _ explanation: String) {
    self.commandLine = commandLine
    self.explanation = explanation
  }
}
