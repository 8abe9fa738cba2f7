import GatehouseProtocol
import Journal
import Synchronization
import Transport
import Wire

/// Answers that wait for their entry to be as safe as their caller wants it.
///
/// Bounded by the calls in flight, which the transport bounds. Two queues, in the order in which the calls were
/// deferred; entries of different I/O queues may interleave out of order by a batch, so an answer may wait for its
/// neighbour, never for ever.
final class Acknowledgements: Sendable {
  private struct Waiting {
    let index: UInt64
    let token: ReplyToken
    let answer: [UInt8]
  }

  private struct State {
    var written: [Waiting] = []
    var durable: [Waiting] = []
  }

  private let state = Mutex(State())
  private let count = Atomic(0)
  private let complete: @Sendable (DeferredReplies) -> Void

  /// - Parameter complete: sends the answers, from any thread.
  init(complete: @escaping @Sendable (DeferredReplies) -> Void) { self.complete = complete }

  /// Keeps an answer until entry `index` has reached `durability`. The caller looks at the watermarks again afterwards:
  /// they may have passed meanwhile.
  func wait(_ token: ReplyToken, for index: UInt64, durability: Durability, answer: UnsafeRawBufferPointer) {
    let waiting = Waiting(index: index, token: token, answer: Array(answer))
    count.add(1, ordering: .sequentiallyConsistent)
    state.withLock { state in
      if durability == .durable { state.durable.append(waiting) } else { state.written.append(waiting) }
    }
  }

  /// Sends an answer that waits for nothing, but is longer than every peer takes.
  func send(_ token: ReplyToken, answer: UnsafeRawBufferPointer) {
    var replies = DeferredReplies()
    replies.append(token, payload: Array(answer))
    complete(replies)
  }

  /// Sends what the watermarks have passed. Cheap when nobody waits.
  func advance(_ progress: JournalProgress) {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return }
    var replies = DeferredReplies()
    state.withLock { state in
      if case .failed = progress.condition { return Self.fail(&state, &replies) }
      Self.take(&state.written, below: progress.writtenIndex, &replies)
      Self.take(&state.durable, below: progress.durableIndex, &replies)
    }
    guard !replies.isEmpty else { return }
    count.subtract(replies.count, ordering: .sequentiallyConsistent)
    complete(replies)
  }

  private static func take(_ waiting: inout [Waiting], below mark: UInt64, _ replies: inout DeferredReplies) {
    let end = waiting.firstIndex { $0.index >= mark } ?? waiting.count
    for entry in waiting[..<end] { replies.append(entry.token, payload: entry.answer) }
    waiting.removeSubrange(..<end)
  }

  private static func fail(_ state: inout State, _ replies: inout DeferredReplies) {
    let error = RPCError(
      .unavailable, "the log failed before this entry was safe; whether it is found after a restart is open")
    for entry in state.written + state.durable { replies.append(entry.token, error: error) }
    state.written.removeAll()
    state.durable.removeAll()
  }
}
