extension ServerConnectionMachine {
  /// Limits with their times in nanoseconds.
  struct Limits: Sendable, Hashable {
    let handshake, slowFrame, stalledWrite, idle, keepaliveInterval, keepaliveTimeout, close: UInt64
    let maxPayloadBytes, maxCallsInFlight, maxPingBurst, maxSurplusCancels: Int

    init(_ limits: ServerLimits) {
      handshake = limits.handshakeTimeout.nanoseconds
      slowFrame = limits.slowFrameTimeout.nanoseconds
      stalledWrite = limits.stalledWriteTimeout.nanoseconds
      idle = limits.idleTimeout.nanoseconds
      keepaliveInterval = limits.keepaliveInterval.nanoseconds
      keepaliveTimeout = limits.keepaliveTimeout.nanoseconds
      close = limits.closeTimeout.nanoseconds
      maxPayloadBytes = limits.maxPayloadBytes
      maxCallsInFlight = limits.maxCallsInFlight
      maxPingBurst = limits.maxPingBurst
      maxSurplusCancels = limits.maxSurplusCancels
    }
  }

  /// When things happened, in monotonic nanoseconds; nil for what is not the case.
  struct Times: Sendable, Hashable {
    let openedAt: UInt64
    var receivedAt: UInt64
    var lastCallAt: UInt64
    var pingSentAt: UInt64?
    var partialFrameSince: UInt64?
    var unreadSince: UInt64?
    var closingSince: UInt64?
    fileprivate var callAtLastCheck: UInt32 = 0

    init(now: UInt64) {
      openedAt = now
      receivedAt = now
      lastCallAt = now
    }
  }

  /// What a time that has come asks for.
  enum TimerAction: Sendable, Hashable {
    /// Look again at `nextDeadline`.
    case none
    /// Send a PING.
    case ping
    /// These calls are out of time: answer DEADLINE_EXCEEDED and stop their tasks.
    case expire([UInt32])
    /// End the connection.
    case fail(ConnectionFailure)
    /// Close the descriptor now.
    case close
  }

  /// Bytes came: whole frames, a part of one at the end, or both.
  mutating func noteReceived(wholeFrames: Bool, partialFrame: Bool, now: UInt64) {
    times.receivedAt = now
    times.pingSentAt = nil
    if !partialFrame {
      times.partialFrameSince = nil
    } else if wholeFrames || times.partialFrameSince == nil {
      times.partialFrameSince = now
    }
  }

  /// Answers wait for the peer to read (true), or none do; called after every write that made progress.
  mutating func noteUnread(_ isUnread: Bool, now: UInt64) { times.unreadSince = isUnread ? now : nil }

  /// When `timerFired` is due at the latest.
  var nextDeadline: UInt64 {
    switch state {
    case .closing: return (times.closingSince ?? times.openedAt) + limits.close
    case .awaitingMagic, .awaitingHello: return times.openedAt + limits.handshake
    case .ready, .draining: break
    }
    var next = keepaliveDeadline
    if inFlight == 0 { next = min(next, times.lastCallAt + limits.idle) }
    if let since = times.partialFrameSince { next = min(next, since + limits.slowFrame) }
    if let since = times.unreadSince { next = min(next, since + limits.stalledWrite) }
    return openCalls.values.reduce(next) { min($0, $1.deadline) }
  }

  /// A peer that has answers to read is judged by its reading: it may well be too busy for a PONG.
  private var keepaliveDeadline: UInt64 {
    if times.unreadSince != nil { return .max }
    if let sent = times.pingSentAt { return sent + limits.keepaliveTimeout }
    return times.receivedAt + limits.keepaliveInterval
  }

  /// The time is `now`: what is due first. Call again until it is `.none`.
  mutating func timerFired(now: UInt64) -> TimerAction {
    if lastCall != times.callAtLastCheck || inFlight > 0 {
      times.callAtLastCheck = lastCall
      times.lastCallAt = max(times.lastCallAt, inFlight > 0 ? now : times.receivedAt)
    }
    guard now >= nextDeadline else { return .none }
    switch state {
    case .closing: return .close
    case .awaitingMagic, .awaitingHello: return .fail(.handshakeTimeout)
    case .ready, .draining: return readyTimerFired(now: now)
    }
  }

  private mutating func readyTimerFired(now: UInt64) -> TimerAction {
    if let since = times.partialFrameSince, now >= since + limits.slowFrame { return .fail(.slowFrame) }
    if let since = times.unreadSince, now >= since + limits.stalledWrite { return .fail(.stalledWrite) }
    let expired = openCalls.filter { now >= $0.value.deadline }.map(\.key)
    if !expired.isEmpty { return .expire(expired.sorted()) }
    if inFlight == 0, now >= times.lastCallAt + limits.idle { return .fail(.idle) }
    guard now >= keepaliveDeadline else { return .none }
    if times.pingSentAt != nil { return .fail(.keepaliveTimeout) }
    times.pingSentAt = now
    return .ping
  }
}
