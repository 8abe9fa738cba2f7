import Synchronization
import Wire

/// Where a streaming handler sends its items.
///
/// Sending waits while the client has not granted credit, or does not read: a slow client slows its own stream only.
public struct StreamWriter: Sendable {
  let stream: OutgoingStream

  /// Sends one output message, at most what the client accepts in a frame.
  /// - Throws: CANCELLED when the call is over: cancelled, out of time, or its connection lost. Return then.
  public func send(_ item: [UInt8]) async throws(RPCError) { try await stream.send(item) }
}

/// One stream between its task and its I/O queue.
final class OutgoingStream: Sendable {
  fileprivate struct State {
    var backlog: StreamBacklog
    /// Senders that wait for room, oldest first.
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// The I/O queue has been told and has not looked yet.
    var isSignalled = false
  }

  private let state: Mutex<State>
  private let signal: @Sendable () -> Void

  /// - Parameter signal: tells the I/O queue to take what is here; called from any thread.
  init(maxItems: Int, maxBytes: Int, signal: @escaping @Sendable () -> Void) {
    state = Mutex(State(backlog: StreamBacklog(maxItems: maxItems, maxBytes: maxBytes)))
    self.signal = signal
  }

  func send(_ item: [UInt8]) async throws(RPCError) {
    while true {
      let step = state.withLock { $0.offer(item) }
      switch step {
      case .taken(let mustSignal):
        if mustSignal { signal() }
        return
      case .over: throw RPCError(.cancelled, "the call is over")
      case .full: await waitForRoom(item.count)
      }
    }
  }

  private func waitForRoom(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let mayGoOn = state.withLock { state in
        if state.backlog.isEnded || state.backlog.hasRoom(count) { return true }
        state.waiting.append(continuation)
        return false
      }
      if mayGoOn { continuation.resume() }
    }
  }

  /// Takes items for as long as `take` accepts them; on the I/O queue. `take` is asked first whether it can.
  func drain(while canTake: () -> Bool, _ take: ([UInt8]) -> Void) {
    let awakened = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.isSignalled = false
      var tookSome = false
      while !state.backlog.items.isEmpty, canTake(), let item = state.backlog.popFirst() {
        take(item)
        tookSome = true
      }
      guard tookSome else { return [] }
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for sender in awakened { sender.resume() }
  }

  /// Whether items wait for credit or for the peer to read.
  var isEmpty: Bool { state.withLock { $0.backlog.items.isEmpty } }

  /// No more items: senders that wait are told.
  func end() {
    let awakened = state.withLock { state in
      state.backlog.end()
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for sender in awakened { sender.resume() }
  }
}

extension OutgoingStream.State {
  fileprivate enum Step {
    case taken(mustSignal: Bool)
    case full
    case over
  }

  fileprivate mutating func offer(_ item: [UInt8]) -> Step {
    if backlog.isEnded { return .over }
    guard backlog.hasRoom(item.count) else { return .full }
    backlog.append(item)
    defer { isSignalled = true }
    return .taken(mustSignal: !isSignalled)
  }
}
