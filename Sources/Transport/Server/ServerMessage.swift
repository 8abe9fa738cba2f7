import Wire

/// What other threads tell an I/O queue.
enum ServerMessage: Sendable {
  /// Take over an accepted socket; with a refusal, only to say so.
  case adopt(Socket, refusal: ConnectionFailure?)
  /// Answers to deferred calls; those of other queues' connections are to be skipped.
  case complete(DeferredReplies)
  /// A task ended, and with it the bytes of its request.
  case ended(ConnectionKey, call: UInt32, Result<[UInt8], RPCError>, requestBytes: Int)
  /// A stream has items.
  case items(ConnectionKey, call: UInt32)
  /// Say GO_AWAY, answer what was accepted, close; then call.
  case drain(onEmpty: @Sendable () -> Void)
  /// Close what is still open.
  case abandon
  /// Stop watching.
  case stop
}
