/// Why a server could not listen or a client not connect; says what to do next.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    /// Somebody listens there already: choose another address, or stop them.
    case addressInUse
    /// The address is malformed or not one of this machine's: mend the configuration.
    case addressInvalid
    /// This process may not use it: a low port, or a directory it may not write.
    case notPermitted
    /// The system is short of descriptors, memory or ports: raise the limit or retry later.
    case exhausted
    /// Nobody answers there now: retry with back-off.
    case unreachable
    /// The name could not be resolved: mend it, or retry when the resolver is back.
    case unresolvable
    /// Not in time: retry with back-off.
    case timedOut
    /// Anything else the system said.
    case system
  }

  /// The decision rule.
  public let code: Code
  /// What was attempted, where, and what the system said.
  public let message: String
  /// The system's own number, where one was given.
  public let cause: Errno?

  public init(_ code: Code, _ message: String, cause: Errno? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  public var description: String { message }
}
