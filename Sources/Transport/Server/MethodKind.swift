/// How a method's calls reach their handler.
@frozen
public enum MethodKind: UInt8, Sendable {
  /// Not served: UNIMPLEMENTED.
  case unknown = 0
  /// All calls of a read round at once, on the I/O queue, to the server's `BatchHandler`.
  case batched = 1
  /// One call, one answer, as a task off the I/O queue.
  case unary = 2
  /// One call, a stream of answers, as a task off the I/O queue.
  case serverStream = 3
}
