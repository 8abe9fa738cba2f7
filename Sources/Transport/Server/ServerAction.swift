/// What a server's connection does after a frame. Trivial on purpose: the hot path makes one for every call.
enum ServerAction: Sendable, Hashable {
  /// Nothing.
  case ignore
  /// Give the call to its handler, or answer UNIMPLEMENTED.
  case dispatch
  /// Answer that too many calls are in flight.
  case refuse
  /// Read the HELLO.
  case hello
  /// Answer with a PONG.
  case pong
  /// A stream may send more.
  case granted
  /// Answer CANCELLED and stop the task.
  case cancel
  /// Flush, then close.
  case finish
  /// Tell the peer and close.
  case fail(ConnectionFailure)
}
