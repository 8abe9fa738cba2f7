import Dispatch
import Engine
import Synchronization

/// The chunks of the log that were read in one step, dealt out to evaluators: who is free takes the first one that nobody has.
///
/// `@unchecked Sendable`: immutable but for an atomic and a mutex; an evaluator is used on one thread at a time, that of its lane, and the
/// entries' bytes are valid until `run` has returned.
final class ReplayStep: @unchecked Sendable {
  private let chunks: [UnsafeBufferPointer<LoggedEntry>]
  private let places: [RestoreOrder.Place]
  private let evaluators: [Evaluator]
  private let cut: SnapshotCut?
  private let taken = Atomic(0)
  private let failure = Mutex<LoggedEntryError?>(nil)

  init(
    _ chunks: [UnsafeBufferPointer<LoggedEntry>], _ evaluators: [Evaluator], _ order: RestoreOrder,
    behind cut: SnapshotCut?
  ) {
    (self.chunks, self.evaluators, self.cut) = (chunks, evaluators, cut)
    places = chunks.map { _ in order.next() }
  }

  /// Restores all chunks.
  /// - Throws: what is wrong with the first entry that is wrong.
  func run() throws(LoggedEntryError) {
    DispatchQueue.concurrentPerform(iterations: min(evaluators.count, chunks.count)) { restoreChunks(evaluators[$0]) }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  private func restoreChunks(_ evaluator: Evaluator) {
    while true {
      let chunk = taken.add(1, ordering: .relaxed).oldValue
      guard chunk < chunks.count else { return }
      do throws(LoggedEntryError) {
        try evaluator.restore(chunks[chunk], behind: cut, at: places[chunk])
      } catch {
        failure.withLock { first in if error.index < first?.index ?? .max { first = error } }
      }
    }
  }
}
