import Wire

/// Why a verdict is a fallback.
///
/// Errors that only the caller can mend (a malformed activity, an id used twice, a missing permission, a method the
/// server lacks) are never turned into a fallback: they are thrown, whatever the fallback is, or a mistake would pass
/// for an outage.
public enum FallbackReason: Sendable, Hashable, CaseIterable {
  /// No answer within the timeout. The server may yet have counted the activity; its id tells.
  case timeout
  /// No server could be reached, or it was draining.
  case unavailable
  /// A limit of the server or of this client was reached.
  case overloaded
  /// The server answered with a defect of its own.
  case serverFault

  /// The reason that an error with this code is; nil if the error must be thrown.
  init?(_ code: StatusCode) {
    switch code {
    case .deadlineExceeded: self = .timeout
    case .unavailable: self = .unavailable
    case .resourceExhausted: self = .overloaded
    case .internal, .unknown, .aborted, .dataLoss: self = .serverFault
    case .ok, .cancelled, .invalidArgument, .notFound, .alreadyExists, .permissionDenied, .failedPrecondition,
      .outOfRange, .unimplemented, .unauthenticated:
      return nil
    }
  }
}
