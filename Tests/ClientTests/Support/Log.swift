import Synchronization

/// What happened, in order, from any thread; a test can wait for it.
final class Log<Entry: Sendable>: Sendable {
  private struct State {
    var entries: [Entry] = []
    var waiting: [(isMet: @Sendable ([Entry]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var entries: [Entry] { state.withLock { $0.entries } }

  func append(_ entry: Entry) {
    let awakened = state.withLock { state in
      state.entries.append(entry)
      let entries = state.entries
      let met = state.waiting.filter { $0.isMet(entries) }
      state.waiting.removeAll { $0.isMet(entries) }
      return met
    }
    for waiter in awakened { waiter.continuation.resume() }
  }

  /// Waits until there are `count` entries.
  func reaches(_ count: Int) async { await meets { $0.count >= count } }

  /// Waits until the entries meet a condition.
  func meets(_ isMet: @escaping @Sendable ([Entry]) -> Bool) async {
    await withCheckedContinuation { continuation in
      let isNow = state.withLock { state in
        if isMet(state.entries) { return true }
        state.waiting.append((isMet, continuation))
        return false
      }
      if isNow { continuation.resume() }
    }
  }
}
