@preconcurrency import Dispatch

/// The writer's queue. Waking it merges into a pending wake-up and allocates nothing.
final class WriterQueue: Sendable {
  private let queue = DispatchQueue(label: "gatehouse.journal.writer", qos: .userInitiated)
  private let source: DispatchSourceUserDataAdd

  init() { source = DispatchSource.makeUserDataAddSource(queue: queue) }

  /// Dispatch aborts the process when a source goes that was never activated, as when the journal does not open.
  deinit {
    source.activate()
    source.cancel()
  }

  func start(_ work: @escaping @Sendable () -> Void) {
    source.setEventHandler(handler: work)
    source.activate()
  }

  func wake() { source.add(data: 1) }

  /// Lets go of the work; what is under way ends.
  func cancel() { source.cancel() }

  /// Returns when no work is under way and none will begin.
  func stop() {
    cancel()
    queue.sync {}
  }
}
