/// The outcome of a call: gRPC's seventeen codes, names and numbers unchanged (https://grpc.io/docs/guides/status-codes/).
///
/// The table of `Protocol/wire.md` says what a caller does next for each.
@frozen
public enum StatusCode: UInt8, Sendable, Hashable, CaseIterable {
  /// It was done.
  case ok = 0
  /// The caller cancelled it.
  case cancelled = 1
  /// Not known; treat as `internal`.
  case unknown = 2
  /// The request is wrong whatever the state: mend it.
  case invalidArgument = 3
  /// Time ran out.
  case deadlineExceeded = 4
  /// What was asked for does not exist.
  case notFound = 5
  /// What was to be made exists with other content.
  case alreadyExists = 6
  /// The caller may not do this.
  case permissionDenied = 7
  /// A limit was reached: slow down, retry after the push-back.
  case resourceExhausted = 8
  /// The state must be mended before a retry.
  case failedPrecondition = 9
  /// A conflict: retry the whole step.
  case aborted = 10
  /// Past the end of what there is.
  case outOfRange = 11
  /// The peer does not have this method.
  case unimplemented = 12
  /// A defect of the peer.
  case `internal` = 13
  /// Not now: retry with back-off, elsewhere if possible.
  case unavailable = 14
  /// Data is lost or damaged.
  case dataLoss = 15
  /// The caller did not say who it is.
  case unauthenticated = 16

  /// The name as the ecosystem writes it: `DEADLINE_EXCEEDED`.
  public var name: String {
    switch self {
    case .ok: "OK"
    case .cancelled: "CANCELLED"
    case .unknown: "UNKNOWN"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .deadlineExceeded: "DEADLINE_EXCEEDED"
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .permissionDenied: "PERMISSION_DENIED"
    case .resourceExhausted: "RESOURCE_EXHAUSTED"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .aborted: "ABORTED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unimplemented: "UNIMPLEMENTED"
    case .internal: "INTERNAL"
    case .unavailable: "UNAVAILABLE"
    case .dataLoss: "DATA_LOSS"
    case .unauthenticated: "UNAUTHENTICATED"
    }
  }
}

extension StatusCode: CustomStringConvertible {
  public var description: String { name }
}
