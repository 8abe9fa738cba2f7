import Synchronization

/// Messages from any thread to one queue: many posts cost one wake-up.
final class Mailbox<Message: Sendable>: Sendable {
  private struct State {
    var messages: [Message] = []
    var wake: (@Sendable () -> Void)?
    var isClosed = false
  }

  private let state = Mutex(State())

  /// From now on `wake` is called when the first message comes into an empty box; it must see to it that `takeAll` is
  /// called on the queue.
  func open(wake: @escaping @Sendable () -> Void) {
    let isEmpty = state.withLock { state in
      state.wake = wake
      return state.messages.isEmpty
    }
    if !isEmpty { wake() }
  }

  /// Nobody will take messages any more: they are dropped.
  func close() {
    state.withLock { state in
      state.messages = []
      state.wake = nil
      state.isClosed = true
    }
  }

  func post(_ message: Message) {
    let wake = state.withLock { state -> (@Sendable () -> Void)? in
      if state.isClosed { return nil }
      state.messages.append(message)
      return state.messages.count == 1 ? state.wake : nil
    }
    wake?()
  }

  /// All messages, oldest first; the box is empty afterwards.
  func takeAll() -> [Message] {
    state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
  }
}
