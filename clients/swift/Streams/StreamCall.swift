import Synchronization
import Wire

/// A stream between the connection that fills it and the one task that reads it.
///
/// Letting go of it cancels the call: nobody could read it any more.
final class StreamCall: Sendable {
  private struct State: ~Copyable {
    var buffer = StreamBuffer()
    /// The reader, while it waits.
    var reader: CheckedContinuation<Void, Never>?
  }

  /// Shared with the connection, which must not keep the stream itself alive.
  private final class Inbox: Sendable {
    let state = Mutex(State())

    /// Changes the buffer and wakes the reader.
    func change(_ body: (inout StreamBuffer) -> Void) {
      let reader = state.withLock { state in
        body(&state.buffer)
        return state.reader.take()
      }
      reader?.resume()
    }
  }

  private let inbox: Inbox
  private let call: Call

  /// Begins the call. `request` makes it, given what takes its items.
  init(on channel: Channel, _ request: (@escaping @Sendable (UnsafeRawBufferPointer) -> Void) -> Call.Request) {
    let inbox = Inbox()
    self.inbox = inbox
    call = Call(request { item in inbox.change { _ = $0.push([UInt8](item)) } }, on: channel)
    call.begin { result in
      switch result {
      case .success: inbox.change { $0.finish(nil) }
      case .failure(let error): inbox.change { $0.finish(RPCError(error)) }
      }
    }
  }

  deinit { call.cancel() }

  /// The next item; nil at the end. A cancelled task ends the stream.
  func next() async throws(RPCError) -> [UInt8]? {
    while true {
      switch inbox.state.withLock({ $0.buffer.next() }) {
      case .item(let item, let grant):
        if grant > 0 { call.grant(grant) }
        return item
      case .end(let error):
        if let error { throw error }
        return nil
      case .wait: await waitForChange()
      }
    }
  }

  private func waitForChange() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isChanged = inbox.state.withLock { state in
          guard state.buffer.isEmpty else { return true }
          state.reader = continuation
          return false
        }
        if isChanged { continuation.resume() }
      }
    } onCancel: {
      call.cancel()
    }
  }
}
