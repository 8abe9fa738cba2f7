import Wire

/// Why a call did not succeed, and what to do next.
///
/// `code` is one of gRPC's seventeen, `advice` the decision that follows from it. An error of the client itself (no
/// connection, timeout, closed) has the code that the server would have used.
///
/// ```swift
/// do {
///   try await gatehouse.record(activity)
/// } catch let error where error.advice == .mendTheRequest {
///   log(error.violations)
/// }
/// ```
public struct GatehouseError: Error, Sendable {
  /// What the caller does next.
  public enum Advice: Sendable, Hashable {
    /// The request is wrong, and will be so next time: see `violations` and `message`.
    case mendTheRequest
    /// The caller lacks an identity or a permission, or the server an ability: see to the set-up.
    case mendTheSetup
    /// Try again with the same id, not before this time, or use a fallback. The client has already tried as often as
    /// its policy allows.
    case retry(after: Duration)
    /// It cannot be known whether it was done: use a fallback, or ask again with the same id.
    case outcomeUnknown
    /// A defect of the server: use a fallback, and report it.
    case report
    /// Nothing: the caller cancelled it or closed the client.
    case nothing
  }

  /// The outcome; never `ok`.
  public let code: StatusCode
  /// What went wrong and what to do about it, for a developer.
  public let message: String
  /// Which fields of the request were wrong.
  public let violations: [RPCError.Violation]
  /// The server's push-back.
  public let retry: RPCError.Retry?
  /// How often the call was sent.
  public let attempts: Int
  /// What led to it: for a timeout the failure of the attempt before, for a failed connection the system's error.
  public let cause: (any Error)?

  init(_ error: RPCError, attempts: Int = 0, cause: (any Error)? = nil) {
    code = error.code
    message = error.message
    violations = error.violations
    retry = error.retry
    self.attempts = attempts
    self.cause = cause
  }

  init(_ code: StatusCode, _ message: String, attempts: Int = 0, cause: (any Error)? = nil) {
    self.init(RPCError(code, message), attempts: attempts, cause: cause)
  }

  /// What to do next.
  public var advice: Advice {
    switch code {
    case .ok, .cancelled: .nothing
    case .invalidArgument, .alreadyExists, .notFound, .outOfRange: .mendTheRequest
    case .failedPrecondition, .permissionDenied, .unauthenticated, .unimplemented: .mendTheSetup
    case .unavailable, .resourceExhausted, .aborted: retryAdvice
    case .deadlineExceeded: .outcomeUnknown
    case .unknown, .internal, .dataLoss: .report
    }
  }

  private var retryAdvice: Advice {
    switch retry {
    case .after(let milliseconds): .retry(after: .milliseconds(Int64(milliseconds)))
    case .never: .report
    case nil: .retry(after: .zero)
    }
  }
}

extension GatehouseError: CustomStringConvertible {
  public var description: String {
    let fields = violations.map { "; \($0.field): \($0.description)" }.joined()
    let sent = attempts > 1 ? " (sent \(attempts) times)" : ""
    let reason = cause.map { "; caused by \($0)" } ?? ""
    return "\(code.name): \(message)\(fields)\(sent)\(reason)"
  }
}
