@preconcurrency import Dispatch

/// The writer's queue. Waking it merges into a pending wake-up and allocates nothing.
final class WriterQueue: Sendable {
  private let queue = DispatchQueue(label: "gatehouse.journal.writer", qos: .userInitiated)
  private let source: DispatchSourceUserDataAdd

  init() { source = DispatchSource.makeUserDataAddSource(queue: queue) }

  func start(_ work: @escaping @Sendable () -> Void) {
    source.setEventHandler(handler: work)
    source.activate()
  }

  func wake() { source.add(data: 1) }

  /// Returns when no work is under way and none will begin.
  func stop() {
    source.cancel()
    queue.sync {}
  }
}
