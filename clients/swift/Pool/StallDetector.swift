/// Tells a connection that is silent from a server that is slow. A value.
///
/// A connection on which `timeoutsInARow` calls ran out of time without one answer between them, for at least
/// `silenceNanoseconds`, answers nobody any more: half-open, or its peer is stuck. TCP alone takes minutes to say so
/// and the keepalive a minute. Late answers count as answers, so a server that is merely slower than the timeout keeps
/// its connections.
struct StallDetector: Sendable, Equatable {
  static let timeoutsInARow = 8
  static let silenceNanoseconds: Int64 = 250_000_000

  private var timeouts = 0
  private var silentSince: Int64 = 0
  private var isGivenUp = false

  /// The peer answered.
  mutating func answered() { timeouts = 0 }

  /// A call that was sent at `sentAt` ran out of time at `now`. Returns whether the connection is to be given up; true once.
  mutating func timedOut(sentAt: Int64, now: Int64) -> Bool {
    if timeouts == 0 { silentSince = sentAt }
    timeouts += 1
    guard !isGivenUp, timeouts >= Self.timeoutsInARow, now - silentSince >= Self.silenceNanoseconds else {
      return false
    }
    isGivenUp = true
    return true
  }
}
