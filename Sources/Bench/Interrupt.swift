import Dispatch
import Glibc
import Synchronization

/// A flag that ends a run early: raised by SIGINT and SIGTERM, or by hand.
final class Interrupt: Sendable {
  private let flag = Atomic(false)

  var isRaised: Bool { flag.load(ordering: .relaxed) }

  func raise() { flag.store(true, ordering: .relaxed) }

  /// Raises the flag on the first SIGINT or SIGTERM; the second ends the process as usual. The sources returned must be
  /// kept for as long as that shall hold.
  func watchSignals() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        raise()
        signal(number, SIG_DFL)
      }
      source.activate()
      return source
    }
  }
}
