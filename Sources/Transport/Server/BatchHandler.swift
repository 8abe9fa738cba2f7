/// Answers the calls of all `.batched` methods.
public protocol BatchHandler: AnyObject, Sendable {
  /// Called on an I/O queue with the batched calls of one read round, connection by connection, each connection's in
  /// the order in which it sent them. Must answer or defer them in order; a call it leaves is answered INTERNAL.
  ///
  /// Runs between reading and writing, so nothing else happens on this I/O queue meanwhile: block no longer than a
  /// queue hop. Different I/O queues call at the same time.
  func handle(_ batch: inout CallBatch)
}
