import Wire

/// One call from its beginning to its one end, across retries and connections. A value: events in, decisions out.
///
/// ```
///   new ──begin──▶ waiting ──send──▶ sent ──answered──▶ over
///    │                ▲ ▲             │  │
///    │                │ └── resend ───┘  └─ failed for good ─▶ over
///    │                └─ resume ─ backing off ◀─ failed, to be retried
///    └─ cancelled before it began: begins and is over at once
///   any but new ── deadline, cancelled ──▶ over
/// ```
///
/// Several threads may report at once (an answer, the deadline, a cancellation); the lock around the value orders them,
/// and exactly one report ends the call. Sendings are numbered, so that what an earlier one leads to is known as late.
struct CallMachine: Sendable, Equatable {
  enum Phase: Sendable, Equatable {
    case new
    case waiting
    case sent(UInt32)
    case backingOff
    case over
  }

  /// What a failure leads to.
  enum Step: Sendable, Equatable {
    /// Nothing: the call is over, or has been sent again since.
    case ignore
    /// Look for a connection again at once.
    case resend
    /// Do so after this many nanoseconds.
    case backOff(nanoseconds: Int64)
    /// It ends with this failure.
    case end(AttemptLog.Reason)
  }

  private(set) var phase = Phase.new
  private(set) var log = AttemptLog()
  /// The latest failure that was not the last.
  private(set) var lastFailure: RPCError?
  /// The caller wants it no more.
  private(set) var isCancelled = false
  /// How often it was sent.
  private(set) var sendings: UInt32 = 0

  /// False if it was cancelled before: it is over now.
  mutating func begin() -> Bool {
    guard phase == .new else { return false }
    phase = isCancelled ? .over : .waiting
    return !isCancelled
  }

  /// A connection is about to send it. Returns the number of this sending; nil if it is not wanted any more.
  mutating func send() -> UInt32? {
    guard phase == .waiting else { return nil }
    sendings += 1
    phase = .sent(sendings)
    return sendings
  }

  /// The answer to a sending came. True if it is the call's; false if it is late.
  mutating func answered(_ sending: UInt32) -> Bool {
    guard phase == .sent(sending) else { return false }
    phase = .over
    return true
  }

  /// A sending failed.
  mutating func failed(
    _ sending: UInt32, with error: RPCError, idempotent: Bool, remainingNanoseconds: Int64, policy: RetryPolicy,
    budget: inout RetryBudget, using random: inout some RandomNumberGenerator
  ) -> Step {
    guard phase == .sent(sending) else { return .ignore }
    let decision = log.failed(
      with: error, idempotent: idempotent, remainingNanoseconds: remainingNanoseconds, policy: policy,
      budget: &budget, using: &random)
    switch decision {
    case .resend:
      phase = .waiting
      lastFailure = error
      return .resend
    case .retry(let nanoseconds):
      phase = .backingOff
      lastFailure = error
      return .backOff(nanoseconds: nanoseconds)
    case .giveUp(let reason):
      phase = .over
      return .end(reason)
    }
  }

  /// The wait before a retry is over. False if the call is.
  mutating func resume() -> Bool {
    guard phase == .backingOff else { return false }
    phase = .waiting
    return true
  }

  /// The caller wants it no more. True if this ended it.
  mutating func cancel() -> Bool {
    isCancelled = true
    return end()
  }

  /// It ends for another reason. True if this ended it.
  mutating func end() -> Bool {
    guard phase != .over, phase != .new else { return false }
    phase = .over
    return true
  }
}
