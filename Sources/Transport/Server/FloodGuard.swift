/// Bounds the frames that cost a client nothing: PINGs without calls between them, CANCELs beyond the calls there were.
struct FloodGuard: Sendable, Hashable {
  private let maxPingBurst: Int
  private let maxSurplusCancels: Int
  private var pingTokens: Int
  private var pingRefilledAt: UInt64 = 0
  private var callAtLastPing: UInt32 = 0
  private var cancels = 0

  /// One PING more is allowed after this many nanoseconds.
  private static let pingRefillNanoseconds: UInt64 = 1_000_000_000

  init(maxPingBurst: Int, maxSurplusCancels: Int) {
    self.maxPingBurst = maxPingBurst
    self.maxSurplusCancels = maxSurplusCancels
    pingTokens = maxPingBurst
  }

  /// Counts a PING; false when it is one too many. A call since the last one starts the count anew.
  mutating func allowsPing(lastCall: UInt32, now: UInt64) -> Bool {
    if lastCall != callAtLastPing || pingTokens == maxPingBurst {
      pingTokens = maxPingBurst
      pingRefilledAt = now
      callAtLastPing = lastCall
    }
    let earned = now > pingRefilledAt ? (now - pingRefilledAt) / Self.pingRefillNanoseconds : 0
    pingTokens = min(maxPingBurst, pingTokens + Int(min(earned, UInt64(maxPingBurst))))
    pingRefilledAt += earned * Self.pingRefillNanoseconds
    guard pingTokens > 0 else { return false }
    pingTokens -= 1
    return true
  }

  /// Counts a CANCEL; false when it is one too many. Ids only rise, so the last one bounds how many calls there were.
  mutating func allowsCancel(lastCall: UInt32) -> Bool {
    cancels += 1
    return cancels <= Int(lastCall) + maxSurplusCancels
  }
}
