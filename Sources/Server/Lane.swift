import Engine
import GatehouseProtocol
import Journal
import Transport
import Wire

/// What one I/O queue uses to serve its batches.
///
/// `@unchecked Sendable`: the transport calls the handler for one I/O queue on that queue only, and each lane serves
/// one.
final class Lane: @unchecked Sendable {
  private var evaluator: Evaluator?
  private let requests: UnsafeMutableBufferPointer<EvaluationRequest>

  init() {
    requests = .allocate(capacity: Evaluator.maxCalls)
    requests.initialize(
      repeating: EvaluationRequest(method: .evaluate, payload: UnsafeRawBufferPointer(start: nil, count: 0)))
  }

  deinit { requests.deallocate() }

  /// Answers or defers every call of the batch, a chunk at a time.
  func serve(_ batch: inout CallBatch, _ opening: Gate.Opening, now: Int64) {
    let evaluator = self.evaluator ?? opening.engine.makeEvaluator()
    self.evaluator = evaluator
    var start = 0
    while start < batch.count {
      let offered = min(Evaluator.maxCalls, batch.count - start)
      for index in 0..<offered {
        let call = batch[start + index]
        let method: EvaluationRequest.Method = call.method == GatehouseMethods.evaluate.id ? .evaluate : .record
        requests[index] = EvaluationRequest(method: method, payload: call.payload)
      }
      let count = evaluator.process(UnsafeBufferPointer(rebasing: requests[..<offered]), now: now)
      opening.writer?.flush()
      let progress = opening.writer?.progress
      for index in 0..<count { answer(start + index, evaluator.answer(index), &batch, opening, progress) }
      start += count
    }
  }

  /// - Parameter progress: how far the log had come when the chunk was flushed; nil keeps none.
  private func answer(
    _ index: Int, _ answer: EvaluationAnswer, _ batch: inout CallBatch, _ opening: Gate.Opening,
    _ progress: JournalProgress?
  ) {
    switch answer {
    case .refused(let error): batch.refuse(index, error)
    case .answered(let bytes, let durability, let logIndex):
      if let logIndex, let progress, !isSafe(logIndex, durability, progress) {
        opening.acknowledgements.wait(batch.deferReply(index), for: logIndex, durability: durability, answer: bytes)
        // A repeat may want more of the first record than the first call did.
        if durability == .durable { opening.writer?.want(durableBelow: logIndex + 1) }
        // The watermarks may have passed before the wait was known of.
        if let progress = opening.writer?.progress { opening.acknowledgements.advance(progress) }
        return
      }
      if bytes.count > CallBatch.maxReplyBytes {
        return opening.acknowledgements.send(batch.deferReply(index), answer: bytes)
      }
      let room = batch.beginReply(index, capacity: bytes.count)
      room.copyMemory(from: bytes)
      batch.endReply(index, byteCount: bytes.count)
    }
  }

  private func isSafe(_ logIndex: UInt64, _ durability: Durability, _ progress: JournalProgress) -> Bool {
    switch durability {
    case .durable: logIndex < progress.durableIndex
    case .written: logIndex < progress.writtenIndex
    default: true
    }
  }
}
