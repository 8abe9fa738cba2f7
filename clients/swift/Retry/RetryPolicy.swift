/// When a call that failed is sent again.
///
/// A call is repeated only when that is safe (the server is known not to have begun it, or it is idempotent: it has an
/// id or only reads), may help (the status says so), was not forbidden by the server, still fits the deadline, and the
/// budget has a token left. The server's push-back (`RetryInfo`) is the least wait; jitter comes on top.
public struct RetryPolicy: Sendable, Equatable {
  /// Sendings of one call, the first included; 1 means never again. A sending that the server is known not to have
  /// begun is not counted, but there are at most as many of those.
  public var attempts: Int
  /// The waits between them.
  public var backoff: Backoff
  /// Retries earned by one success, 0 … 1.
  public var budgetRatio: Double
  /// Retries allowed without any success: what an outage sees beyond the first sending of each call.
  public var budgetReserve: Int

  public init(
    attempts: Int = 3, backoff: Backoff = Backoff(base: .milliseconds(5), cap: .milliseconds(500)),
    budgetRatio: Double = 0.1, budgetReserve: Int = 100
  ) {
    self.attempts = attempts
    self.backoff = backoff
    self.budgetRatio = budgetRatio
    self.budgetReserve = budgetReserve
  }

  /// Every call is sent once.
  public static let never = RetryPolicy(attempts: 1, budgetRatio: 0, budgetReserve: 0)
}
