/// Why a run could not be made or a report not be written.
public struct BenchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What the caller does next.
  public enum Code: Sendable, Equatable {
    /// Look at the file named.
    case file
    /// Look at the server or the network.
    case connection
  }

  public var code: Code
  /// What went wrong, where, and what the system said.
  public var message: String

  public var description: String { message }

  static func file(_ message: String) -> BenchError { BenchError(code: .file, message: message) }
  static func connection(_ message: String) -> BenchError { BenchError(code: .connection, message: message) }
}
