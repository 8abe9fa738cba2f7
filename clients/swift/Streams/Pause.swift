import Synchronization

/// A wait that something else ends, or the waiting task's cancellation.
final class Pause: Sendable {
  private enum State {
    case waiting(CheckedContinuation<Void, Never>?)
    case over
  }

  private let state = Mutex(State.waiting(nil))

  /// Ends the wait, begun or not.
  func end() {
    let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard case .waiting(let continuation) = state else { return nil }
      state = .over
      return continuation
    }
    continuation?.resume()
  }

  /// Waits for the end; by one task.
  func value() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          guard case .waiting = state else { return true }
          state = .waiting(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      end()
    }
  }
}
