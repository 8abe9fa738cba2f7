import Wire

/// What one call has been through, and so what its next failure leads to. A value: failure in, decision out.
struct AttemptLog: Sendable, Equatable {
  /// What to do about a failure.
  enum Decision: Sendable, Equatable {
    /// Send it again at once; it costs nobody anything, for the server never began it.
    case resend
    /// Send it again after this many nanoseconds; a token was taken from the budget.
    case retry(afterNanoseconds: Int64)
    /// Report the failure.
    case giveUp(Reason)
  }

  /// Why a failure is final.
  enum Reason: Sendable, Equatable {
    /// Its status says that a repetition cannot help.
    case notRetryable
    /// It may have been carried out, and repeating it might do it twice.
    case notIdempotent
    /// The server said never.
    case forbidden
    /// It was sent as often as the policy allows.
    case attemptsUsed
    /// The wait would outlast the deadline.
    case outOfTime
    /// The budget is empty.
    case outOfBudget
  }

  /// Sendings that the server may have begun.
  private(set) var attempts = 0
  /// Sendings that it is known not to have begun.
  private(set) var neverStarted = 0

  /// Takes note that a sending failed with `error` and decides what follows.
  ///
  /// - Parameters:
  ///   - idempotent: carrying it out twice is the same as once.
  ///   - remainingNanoseconds: what is left of the deadline.
  ///   - budget: pays for a retry; nothing is taken unless the decision is `.retry`.
  mutating func failed(
    with error: RPCError, idempotent: Bool, remainingNanoseconds: Int64, policy: RetryPolicy,
    budget: inout RetryBudget, using random: inout some RandomNumberGenerator
  ) -> Decision {
    if error.neverStarted {
      neverStarted += 1
      if remainingNanoseconds <= 0 { return .giveUp(.outOfTime) }
      return neverStarted < policy.attempts ? .resend : .giveUp(.attemptsUsed)
    }
    attempts += 1
    guard error.code.mayHelpToRetry else { return .giveUp(.notRetryable) }
    guard idempotent else { return .giveUp(.notIdempotent) }
    guard error.retry != .never else { return .giveUp(.forbidden) }
    guard attempts < policy.attempts else { return .giveUp(.attemptsUsed) }
    let jitter = policy.backoff.delayNanoseconds(attempt: attempts - 1, using: &random)
    let (wait, overflow) = error.retry.leastWaitNanoseconds.addingReportingOverflow(jitter)
    guard !overflow, wait < remainingNanoseconds else { return .giveUp(.outOfTime) }
    guard budget.withdraw() else { return .giveUp(.outOfBudget) }
    return .retry(afterNanoseconds: wait)
  }
}

extension StatusCode {
  /// Whether sending the same request again, later or elsewhere, may end otherwise (wire.md, "Status codes").
  var mayHelpToRetry: Bool {
    switch self {
    case .unavailable, .resourceExhausted, .aborted, .internal, .unknown: true
    case .ok, .cancelled, .invalidArgument, .deadlineExceeded, .notFound, .alreadyExists, .permissionDenied,
      .failedPrecondition, .outOfRange, .unimplemented, .dataLoss, .unauthenticated:
      false
    }
  }
}

extension RPCError.Retry? {
  /// What the server's push-back asks for at least.
  fileprivate var leastWaitNanoseconds: Int64 {
    if case .after(let milliseconds) = self { Int64(milliseconds) * 1_000_000 } else { 0 }
  }
}
