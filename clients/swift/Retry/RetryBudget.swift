/// A token bucket that keeps retries from multiplying an outage.
///
/// Every call that succeeds deposits `ratio` tokens, every retry withdraws one, and the bucket holds `reserve` tokens
/// at most; it starts full. So over any stretch of time
///
///     retries ≤ reserve + ratio · successes
///
/// and a server that answers nothing sees no more than `reserve` attempts beyond the first of each call. Without a
/// budget, three attempts a call are three times the load at the very moment when a server has the least to spare.
/// Sources: gRPC proposal A6 (`retryThrottling`), Finagle's `RetryBudget`; deposits are for successes as in gRPC.
///
/// Tokens are kept in thousandths, so that the sum above holds exactly.
struct RetryBudget: Sendable, Equatable {
  static let milliTokensPerRetry = 1_000

  let capacityMilliTokens: Int
  let depositMilliTokens: Int
  private(set) var balanceMilliTokens: Int

  /// - Parameters:
  ///   - ratio: retries allowed for one success, 0 … 1 to the thousandth; what lies outside is cut.
  ///   - reserve: retries allowed without any success; below zero counts as zero.
  init(ratio: Double, reserve: Int) {
    let bounded = ratio.isFinite ? min(max(ratio, 0), 1) : 0
    depositMilliTokens = Int(bounded * Double(Self.milliTokensPerRetry))
    capacityMilliTokens = min(max(reserve, 0), Self.reserveLimit) * Self.milliTokensPerRetry
    balanceMilliTokens = capacityMilliTokens
  }

  /// The largest reserve that is kept as asked.
  static let reserveLimit = 1_000_000

  /// Notes a success.
  mutating func deposit() {
    balanceMilliTokens = min(balanceMilliTokens + depositMilliTokens, capacityMilliTokens)
  }

  /// Takes a retry's token if there is one.
  mutating func withdraw() -> Bool {
    guard balanceMilliTokens >= Self.milliTokensPerRetry else { return false }
    balanceMilliTokens -= Self.milliTokensPerRetry
    return true
  }
}
