/// A command line, environment or configuration file that cannot be obeyed, told so that the reader can mend it.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The command that was being read: `gatehouse serve`.
  public let command: String
  /// What is wrong, naming the argument, variable, or file and line it stands in.
  public let message: String
  /// What to do instead, where that is known.
  public let advice: String?

  public init(command: String, message: String, advice: String? = nil) {
    self.command = command
    self.message = message
    self.advice = advice
  }

  /// Two or three lines for standard error.
  public var description: String {
    var lines = ["\(command): \(message)"]
    if let advice { lines.append("  \(advice)") }
    lines.append("  See \(command) --help")
    return lines.joined(separator: "\n")
  }
}
