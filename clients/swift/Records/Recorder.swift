import GatehouseProtocol
import Synchronization
import Wire

/// Delivers fire-and-forget records: a `RecordQueue` behind a lock, pumped through a channel.
///
/// A record is sent until the server has answered it, always under the same id, so it is counted once. It is given up
/// when the server refuses it or has failed over it `failuresLimit` times: one record that the server cannot digest
/// must not hold up the others for ever.
final class Recorder: Sendable {
  static let failuresLimit = 5

  /// Ids of the contract's own methods fit a frame.
  private static let method = UInt16(truncatingIfNeeded: GatehouseMethods.recordActivity.id)

  struct State: ~Copyable {
    var queue: RecordQueue
    var random: SplitMix64
    /// Pauses that were begun and whose end is yet to be set a timer for.
    var untimedPauses = 0
    /// Who waits for which flush, to be told how many records are left.
    var flushes: [UInt64: @Sendable (Int) -> Void] = [:]
  }

  private let channel: Channel
  private let policy: RecordPolicy
  private let state: Mutex<State>

  init(_ channel: Channel, seed: UInt64) {
    self.channel = channel
    policy = channel.configuration.records
    let limits = RecordQueue.Limits(
      count: max(policy.capacity, 0), bytes: max(policy.capacityBytes, 0), inFlight: max(policy.inFlight, 1))
    state = Mutex(State(queue: RecordQueue(limits: limits, backoff: policy.backoff), random: SplitMix64(seed: seed)))
  }

  /// Takes a record over; false if it was dropped, as one without bytes always is.
  func offer(_ bytes: [UInt8]?) -> Bool {
    guard state.withLock({ $0.queue.offer(bytes) }) else { return false }
    pump()
    return true
  }

  /// Tells, once every record taken over so far is settled or the time is up, how many of them are not.
  func flush(until time: Int64, _ completion: @escaping @Sendable (Int) -> Void) {
    let id = state.withLock { state in
      let id = state.queue.beginFlush()
      if let id { state.flushes[id] = completion }
      return id
    }
    guard let id else { return completion(0) }
    channel.timers.schedule(at: time) { [self] in endFlush(id) }
  }

  /// Gives up what is not sent yet.
  func close() {
    let completed = state.withLock { state in
      state.takeFlushes(state.queue.close())
    }
    for completion in completed { completion(0) }
  }

  /// Whether it pauses, is sure to be woken, and nothing is under way.
  var isResting: Bool {
    state.withLock { $0.queue.pausedUntil != nil && $0.queue.inFlight == 0 && $0.untimedPauses == 0 }
  }

  /// Writes its numbers into a snapshot.
  func report(to statistics: inout ClientStatistics) {
    state.withLock { state in
      statistics.recordsAccepted = state.queue.accepted
      statistics.recordsDelivered = state.queue.delivered
      statistics.recordsRefused = state.queue.refused
      statistics.recordsDropped = state.queue.dropped + state.queue.abandoned
      statistics.recordsPending = state.queue.pending
    }
  }

  private func endFlush(_ id: UInt64) {
    let (left, completion) = state.withLock { ($0.queue.endFlush(id), $0.flushes.removeValue(forKey: id)) }
    completion?(left ?? 0)
  }

  private func pump() {
    while let record = state.withLock({ $0.queue.take() }) {
      let request = Call.Request(
        method: Self.method, isIdempotent: true, whenDisconnected: .wait, retry: .never,
        deadline: channel.timers.deadline(after: policy.timeout), payload: record.bytes)
      Call(request, on: channel).begin { [self] result in
        switch result {
        case .success: settle(record, as: .delivered)
        case .failure(let error): failed(record, error)
        }
      }
    }
  }

  private func settle(_ record: RecordQueue.Record, as outcome: RecordQueue.Outcome) {
    let completed = state.withLock { state in
      state.takeFlushes(state.queue.settle(record, as: outcome))
    }
    for completion in completed { completion(0) }
    pump()
  }

  private func failed(_ record: RecordQueue.Record, _ error: GatehouseError) {
    if state.withLock({ $0.queue.isClosed }) { return settle(record, as: .abandoned) }
    var record = record
    switch error.code {
    case .unavailable, .resourceExhausted, .deadlineExceeded: break
    case .internal, .unknown, .aborted, .dataLoss:
      record.failures += 1
      if record.failures >= Self.failuresLimit { return settle(record, as: .refused) }
    case .cancelled: return settle(record, as: .abandoned)
    default: return settle(record, as: .refused)
    }
    guard error.retry != .never else { return settle(record, as: .refused) }
    putBack(record, leastNanoseconds: error.pushBackNanoseconds)
  }

  private func putBack(_ record: RecordQueue.Record, leastNanoseconds: Int64) {
    let now = channel.timers.now
    let end = state.withLock { state in
      let end = state.queue.putBack(record, leastNanoseconds: leastNanoseconds, now: now, using: &state.random)
      if end != nil { state.untimedPauses += 1 }
      return end
    }
    guard let end else { return }
    channel.timers.schedule(at: end) { [self] in resume() }
    state.withLock { $0.untimedPauses -= 1 }
  }

  private func resume() {
    let now = channel.timers.now
    state.withLock { $0.queue.resume(now: now) }
    pump()
  }
}

extension Recorder.State {
  fileprivate mutating func takeFlushes(_ ids: [UInt64]) -> [@Sendable (Int) -> Void] {
    ids.compactMap { flushes.removeValue(forKey: $0) }
  }
}
