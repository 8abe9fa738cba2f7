/// Why a call did not succeed: a status code, what to do about it in words, and the details a program can act on.
///
/// `code` decides: the table of status codes in `Protocol/wire.md` says what a caller does next.
public struct RPCError: Error, Sendable, Hashable {
  /// A field of the request that was wrong.
  public struct Violation: Sendable, Hashable {
    /// The field's path: `activity.location.country`.
    public var field: String
    /// What is wrong with it.
    public var description: String

    public init(field: String, description: String) {
      self.field = field
      self.description = description
    }
  }

  /// The peer's push-back.
  public enum Retry: Sendable, Hashable {
    /// Not before this many milliseconds.
    case after(milliseconds: UInt32)
    /// Retrying cannot help.
    case never
  }

  /// The outcome; never `ok`.
  public var code: StatusCode
  /// For a developer; at most `maxMessageBytes` of it travel.
  public var message: String
  /// Which fields were wrong.
  public var violations: [Violation]
  /// When to try again; nil leaves it to the caller's own policy.
  public var retry: Retry?
  /// The server is known not to have begun this call, so that it may be sent again, elsewhere, whatever it does.
  /// Known by the client's side only; it does not travel.
  public var neverStarted: Bool

  /// The longest message that is sent, in bytes of UTF-8.
  public static let maxMessageBytes = 1024

  public init(
    _ code: StatusCode, _ message: String, violations: [Violation] = [], retry: Retry? = nil,
    neverStarted: Bool = false
  ) {
    self.code = code
    self.message = message
    self.violations = violations
    self.retry = retry
    self.neverStarted = neverStarted
  }
}

extension RPCError: CustomStringConvertible {
  public var description: String {
    let fields = violations.map { "; \($0.field): \($0.description)" }.joined()
    return "\(code): \(message)\(fields)"
  }
}
