import Glibc
import Synchronization

/// A flag that ends a run early: raised by SIGINT and SIGTERM, or by hand.
final class Interrupt: Sendable {
  private let flag = Atomic(false)

  var isRaised: Bool { flag.load(ordering: .relaxed) || wasSignalled.load(ordering: .relaxed) }

  func raise() { flag.store(true, ordering: .relaxed) }

  /// From now on the first SIGINT and the first SIGTERM raise every flag of the process; a second one ends it as usual. A
  /// handler, because a Dispatch source loses signals on Linux: it sees only what every thread blocks.
  static func watchSignals() {
    // Before a handler can run, so that none runs its initialiser.
    wasSignalled.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in wasSignalled.store(true, ordering: .relaxed) }
      action.sa_flags = Int32(SA_RESTART) | Int32(bitPattern: UInt32(SA_RESETHAND))
      _ = sigaction(number, &action, nil)
    }
  }
}

private let wasSignalled = Atomic(false)
