import Synchronization
import Wire

extension ClientConnection {
  /// Sends a unary call and waits for its answer. Cancelling the task cancels the call.
  public func call(_ method: UInt16, _ payload: [UInt8], timeout: Duration? = nil) async throws(RPCError) -> [UInt8] {
    let id = Mutex<CancellableCall>(.notSent)
    let result: Result<[UInt8], RPCError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let sent = payload.withUnsafeBytes { bytes in
          send(method, payload: bytes, timeout: timeout) { outcome in
            continuation.resume(returning: outcome.map { Array($0) })
          }
        }
        let isCancelled = id.withLock { state in
          defer { state = .sent(sent) }
          return state == .cancelled
        }
        if isCancelled, let sent { cancel(sent) }
      }
    } onCancel: {
      let sent = id.withLock { state -> UInt32? in
        defer { state = .cancelled }
        if case .sent(let call) = state { return call }
        return nil
      }
      if let sent { cancel(sent) }
    }
    return try result.get()
  }
}

/// A call that may be cancelled before its id is known.
private enum CancellableCall: Equatable {
  case notSent
  case sent(UInt32?)
  case cancelled
}
