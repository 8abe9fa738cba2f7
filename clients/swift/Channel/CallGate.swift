import Synchronization

/// Counts the calls under way, and lets no more in once closed.
final class CallGate: Sendable {
  private let inside = Atomic<Int>(0)
  private let isClosed = Atomic<Bool>(false)
  private let waiting = Mutex<[@Sendable () -> Void]>([])

  /// Calls under way.
  var count: Int { inside.load(ordering: .relaxed) }

  /// Lets a call in; false once closed.
  func enter() -> Bool {
    inside.add(1, ordering: .sequentiallyConsistent)
    guard isClosed.load(ordering: .sequentiallyConsistent) else { return true }
    leave()
    return false
  }

  /// A call that was let in is over.
  func leave() {
    let count = inside.subtract(1, ordering: .sequentiallyConsistent).newValue
    guard count == 0, isClosed.load(ordering: .sequentiallyConsistent) else { return }
    let bodies = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for body in bodies { body() }
  }

  /// Lets nobody in any more. True if it was open until now.
  func close() -> Bool { !isClosed.exchange(true, ordering: .sequentiallyConsistent) }

  /// Runs `body` when, after `close`, nobody is inside any more; at once if so already.
  func whenEmpty(_ body: @escaping @Sendable () -> Void) {
    // Whoever leaves last after this look takes the lock after it, and finds `body` there.
    let isEmpty = waiting.withLock { waiting in
      if inside.load(ordering: .sequentiallyConsistent) == 0 { return true }
      waiting.append(body)
      return false
    }
    if isEmpty { body() }
  }
}
