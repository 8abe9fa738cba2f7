import Synchronization
import Wire

extension Channel {
  /// Lets no call begin any more, waits for those under way until `time`, then ends what is left.
  func drain(until time: Int64) async {
    _ = gate.close()
    await withCheckedContinuation { continuation in
      let once = Once { continuation.resume() }
      let timer = timers.schedule(at: time, once.run)
      gate.whenEmpty { [timers] in
        if let timer { timers.cancel(timer) }
        once.run()
      }
    }
    shutDown()
  }

  /// Ends every call with CANCELLED and closes the connections.
  func shutDown() {
    _ = gate.close()
    let (connections, calls) = pool.withLock { $0.close() }
    let error = RPCError(.cancelled, GatehouseError.closed.message)
    for call in calls { end(call, error) }
    for call in timers.stop() { end(call, error) }
    for connection in connections { connection.close() }
  }
}

/// Runs a body the first time it is asked to.
private final class Once: Sendable {
  private let isDone = Atomic<Bool>(false)
  private let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  @Sendable func run() {
    if !isDone.exchange(true, ordering: .acquiringAndReleasing) { body() }
  }
}
