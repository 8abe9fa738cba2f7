import Dispatch
import Synchronization

/// From the load thread to the thread that reports. Intervals go back and forth, so that handing one over neither copies
/// nor allocates.
final class Mailbox: Sendable {
  enum Message: Sendable {
    /// The warm-up is over.
    case measuring
    case interval(Interval)
    /// The run could not begin; nothing follows.
    case failed(BenchError)
    /// Nothing follows; says why the run is not whole, if it is not.
    case finished(LoadLoop.End)
  }

  private struct State: Sendable {
    var messages: [Message] = []
    var free: [Interval] = []
  }

  private let state: Mutex<State>
  private let arrived = DispatchSemaphore(value: 0)

  /// More intervals than this are not kept for reuse.
  private static let spareIntervals = 3

  init() {
    var state = State()
    state.messages.reserveCapacity(16)
    state.free = (0..<Self.spareIntervals).map { _ in Interval() }
    self.state = Mutex(state)
  }

  func post(_ message: Message) {
    state.withLock { $0.messages.append(message) }
    arrived.signal()
  }

  /// An empty interval to go on counting with.
  func takeFree() -> Interval {
    state.withLock { $0.free.popLast() } ?? Interval()
  }

  /// Gives back an interval that was read.
  func giveBack(_ interval: consuming Interval) {
    var interval = interval
    interval.removeAll()
    state.withLock { state in
      if state.free.count < Self.spareIntervals { state.free.append(interval) }
    }
  }

  /// Waits for the next messages, in order.
  func receive() -> [Message] {
    arrived.wait()
    return state.withLock { state in
      let messages = state.messages
      state.messages.removeAll(keepingCapacity: true)
      return messages
    }
  }
}
