import Wire

extension GatehouseError {
  /// The client is closed.
  static let closed = GatehouseError(.cancelled, "the client is closed")

  /// The server's push-back in nanoseconds, or zero.
  var pushBackNanoseconds: Int64 {
    if case .after(let milliseconds) = retry { Int64(milliseconds) * 1_000_000 } else { 0 }
  }
}

extension RPCError {
  init(_ error: GatehouseError) {
    self.init(error.code, error.message, violations: error.violations, retry: error.retry)
  }

  static let cancelledByCaller = RPCError(.cancelled, "the caller cancelled")

  /// The client's own deadline has passed.
  static let timeout = RPCError(.deadlineExceeded, "no answer within the timeout; it may have been counted")
}
