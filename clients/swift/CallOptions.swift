/// What one call does otherwise than its client. What is nil is the client's.
public struct CallOptions: Sendable {
  /// How long the answer may take, retries included; at most 71 minutes travel.
  public var timeout: Duration?
  /// The answer in the server's place; only for `evaluate`.
  public var fallback: Fallback?
  /// What the call does while there is no connection.
  public var whenDisconnected: Disconnected?

  public init(timeout: Duration? = nil, fallback: Fallback? = nil, whenDisconnected: Disconnected? = nil) {
    self.timeout = timeout
    self.fallback = fallback
    self.whenDisconnected = whenDisconnected
  }
}
