/// What a client has done since it was made; a snapshot. Every number only rises, but `inFlight`, `connections` and
/// `recordsPending`, which are the state now.
public struct ClientStatistics: Sendable, Equatable {
  /// Calls begun, of every kind, the sendings of records among them.
  public internal(set) var calls: UInt64 = 0
  /// Calls answered OK.
  public internal(set) var succeeded: UInt64 = 0
  /// Calls that ended with an error, before any fallback took its place; cancelled ones too.
  public internal(set) var failed: UInt64 = 0
  /// Calls under way, streams aside.
  public internal(set) var inFlight = 0
  /// Sendings beyond the first of each call that a server may have begun.
  public internal(set) var retries: UInt64 = 0
  /// Sendings repeated because no server had begun them.
  public internal(set) var resent: UInt64 = 0
  /// Retries that the budget forbade.
  public internal(set) var retriesOutOfBudget: UInt64 = 0
  /// Verdicts given in the server's place, by reason.
  public internal(set) var fallbacks: [FallbackReason: UInt64] = [:]
  /// Answers that came after their call was over.
  public internal(set) var lateAnswers: UInt64 = 0
  /// Connections that take calls now.
  public internal(set) var connections = 0
  /// Connections opened.
  public internal(set) var connects: UInt64 = 0
  /// Attempts to connect that failed.
  public internal(set) var failedConnects: UInt64 = 0
  /// Connections opened in the place of one that was lost.
  public internal(set) var reconnects: UInt64 = 0
  /// Connections given up because they answered nothing any more.
  public internal(set) var stalledConnections: UInt64 = 0
  /// Records taken over by `record(_:)`.
  public internal(set) var recordsAccepted: UInt64 = 0
  /// Of those, acknowledged by the server.
  public internal(set) var recordsDelivered: UInt64 = 0
  /// Of those, refused by the server for good: they are wrong.
  public internal(set) var recordsRefused: UInt64 = 0
  /// Records lost: not taken over because the buffer was full or they could not be encoded, or given up when the client
  /// closed.
  public internal(set) var recordsDropped: UInt64 = 0
  /// Records taken over and not yet settled.
  public internal(set) var recordsPending = 0

  init() {}
}
