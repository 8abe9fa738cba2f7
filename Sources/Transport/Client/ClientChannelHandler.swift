import Wire

/// What a `ClientChannel` tells its owner, on its queue.
public protocol ClientChannelHandler: AnyObject, Sendable {
  /// The server's HELLO came: calls may be appended.
  func opened(_ channel: ClientChannel, hello: PeerHello)

  /// The answers of one read; payloads are valid until it returns. What is appended meanwhile leaves when it returns, in
  /// one write.
  func received(_ channel: ClientChannel, _ answers: AnswerBatch)

  /// The server answers no call above `lastCall`: those were never begun and may be sent elsewhere.
  func goingAway(_ channel: ClientChannel, lastCall: UInt32, _ error: RPCError)

  /// The time given to `wake(at:)` has come; `now` in monotonic nanoseconds.
  func timeReached(_ channel: ClientChannel, now: UInt64)

  /// The connection is over, or never was; the last that is told.
  func closed(_ channel: ClientChannel, _ error: RPCError)
}
