/// What a frame is; the table of kinds in `Protocol/wire.md` gives sides, fields and payloads.
@frozen
public enum FrameKind: UInt8, Sendable, CaseIterable {
  /// Both sides, first: versions, capabilities, limits.
  case hello = 1
  /// Client: a call.
  case request = 2
  /// Server: a call's end.
  case response = 3
  /// Server: one message of a stream.
  case item = 4
  /// Client: more items may be sent.
  case credit = 5
  /// Client: stop a call.
  case cancel = 6
  /// Both: answer with the same bytes.
  case ping = 7
  /// Both: the answer.
  case pong = 8
  /// Both: no more calls on this connection.
  case goAway = 9
}
