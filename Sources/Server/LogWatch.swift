import Journal
import Synchronization

/// Tells the operator, once each time, that the log has stopped taking records or signing checkpoints, what that means, and when it goes
/// on; and whoever must know, that it has failed. That is only seen in refused records otherwise: the server stays up, for CHECK goes on.
final class LogWatch: Sendable {
  private struct State {
    var condition = JournalCondition.open
    var isPublishing = true
  }

  private let state = Mutex(State())
  private let report: @Sendable (String) -> Void
  private let failed: @Sendable () -> Void

  /// - Parameter failed: told, once, that nothing will be recorded until the server is started again. A full disk is none of
  ///   that: it recovers.
  init(report: @escaping @Sendable (String) -> Void, failed: @escaping @Sendable () -> Void) {
    (self.report, self.failed) = (report, failed)
  }

  /// A watermark has moved, or the condition has changed.
  func progressed(to condition: JournalCondition) {
    let isNew = state.withLock { state in
      defer { state.condition = condition }
      return state.condition != condition
    }
    guard isNew else { return }
    switch condition {
    case .open: report("the log takes records again")
    case .noSpace:
      report("the disk is full, or no descriptor is left: no records are taken until that changes; CHECK goes on")
    case .failed(let error):
      failed()
      report("the log has failed: \(error); nothing is recorded until the server is started again; CHECK goes on")
    case .closed: break
    }
  }

  func published() { state.withLock { $0.isPublishing = true } }

  /// Told once for each time that it fails, not at every tick.
  func publishingFailed(_ error: JournalError) {
    let isNew = state.withLock { state in
      defer { state.isPublishing = false }
      return state.isPublishing
    }
    guard isNew else { return }
    let next =
      error.cause?.code == .noSpace
      ? "it is tried again" : "none will be until the server is started again; what is recorded is kept all the same"
    report("no checkpoint could be published: \(error); \(next)")
  }
}
