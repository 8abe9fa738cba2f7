import Engine
import GatehouseProtocol
import Journal
import Synchronization
import Transport
import Wire

/// Takes the batched calls of every I/O queue to the engine and answers them as soon as their entries are as safe as
/// asked.
///
/// Before it is opened, and after it was closed, every call is refused as UNAVAILABLE.
final class Gate: BatchHandler {
  /// What an open gate works with.
  struct Opening: Sendable {
    let engine: Engine
    let writer: JournalWriter?
    let acknowledgements: Acknowledgements
  }

  private let opening = Mutex<Opening?>(nil)
  private let lanes: [Lane]
  private let now: @Sendable () -> Int64

  /// - Parameter now: the server's clock, Unix milliseconds.
  init(ioQueues: Int, now: @escaping @Sendable () -> Int64) {
    lanes = (0..<ioQueues).map { _ in Lane() }
    self.now = now
  }

  func open(_ opening: Opening) { self.opening.withLock { $0 = opening } }

  func handle(_ batch: inout CallBatch) {
    guard let opening = opening.withLock({ $0 }) else { return refuseAll(&batch) }
    lanes[batch.ioQueue].serve(&batch, opening, now: now())
  }

  private func refuseAll(_ batch: inout CallBatch) {
    for index in 0..<batch.count { batch.refuse(index, Self.closed) }
  }

  private static let closed = RPCError(
    .unavailable, "the server is not serving yet: it is replaying its log", retry: .after(milliseconds: 100))
}
