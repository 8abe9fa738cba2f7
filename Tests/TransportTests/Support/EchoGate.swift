import Synchronization
import Wire

@testable import Transport

/// Answers batched calls with their own payload; those that begin with a `D` are deferred until released.
final class EchoGate: BatchHandler {
  private let deferred = Mutex<[(token: ReplyToken, payload: [UInt8])]>([])
  let seen = Atomic<Int>(0)
  let largestBatch = Atomic<Int>(0)

  func handle(_ batch: inout CallBatch) {
    seen.add(batch.count, ordering: .relaxed)
    largestBatch.max(batch.count, ordering: .relaxed)
    for index in 0..<batch.count {
      let payload = batch[index].payload
      if payload.first == UInt8(ascii: "D") {
        let copy = Array(payload)
        let token = batch.deferReply(index)
        deferred.withLock { $0.append((token, copy)) }
      } else if payload.count > CallBatch.maxReplyBytes {
        batch.refuse(index, RPCError(.outOfRange, "\(payload.count) bytes"))
      } else {
        batch.beginReply(index, capacity: payload.count).copyMemory(from: payload)
        batch.endReply(index, byteCount: payload.count)
      }
    }
  }

  /// How many calls wait.
  var deferredCount: Int { deferred.withLock { $0.count } }

  /// Answers all that wait, the newest first.
  func release(_ server: RPCServer) {
    let waiting = deferred.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    var replies = DeferredReplies(expectedCount: waiting.count)
    for (token, payload) in waiting.reversed() { replies.append(token, payload: payload) }
    server.complete(replies)
  }
}
