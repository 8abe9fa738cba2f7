/// The records that were handed over and not yet acknowledged: bounded, in order, and counted. A value.
///
/// ```
/// offer ──▶ waiting ──take──▶ in flight ──settle──▶ gone
///   │          ▲                  │
///   └ dropped  └──── putBack ─────┘  (a failure that may pass: pause, then one at a time until one succeeds)
/// ```
///
/// The newest is dropped when it does not fit: what was accepted stays accepted. A pause and the single probe after it
/// keep an outage from being hammered by the backlog.
///
/// Invariant: waiting + in flight = accepted − delivered − refused − abandoned, at most `limits.count` records and
/// `limits.bytes` bytes.
struct RecordQueue: Sendable {
  /// What it may hold.
  struct Limits: Sendable, Equatable {
    /// Records, waiting and in flight.
    var count: Int
    /// Bytes of their messages.
    var bytes: Int
    /// Records sent and not yet answered.
    var inFlight: Int
  }

  /// One encoded request.
  struct Record: Sendable, Equatable {
    /// Counts up from 1 in the order of acceptance.
    let sequence: UInt64
    let bytes: [UInt8]
    /// How often the server failed over it.
    var failures = 0
  }

  /// How a record ended.
  enum Outcome: Sendable, Equatable {
    case delivered
    /// The server refused it for good.
    case refused
    /// The client closed first.
    case abandoned
  }

  private struct Flush: Sendable {
    let id: UInt64
    /// It waits for the records up to this sequence.
    let mark: UInt64
    var remaining: Int
  }

  private let limits: Limits
  private let backoff: Backoff
  private var waiting: [Record] = []
  private var head = 0
  private(set) var inFlight = 0
  private var heldBytes = 0
  private var failuresInARow = 0
  private(set) var isClosed = false
  private var flushes: [Flush] = []
  private var flushesBegun: UInt64 = 0

  /// Records accepted since the beginning; the last one's sequence.
  private(set) var accepted: UInt64 = 0
  private(set) var delivered: UInt64 = 0
  private(set) var refused: UInt64 = 0
  /// Accepted, then given up undelivered.
  private(set) var abandoned: UInt64 = 0
  /// Never accepted.
  private(set) var dropped: UInt64 = 0
  /// When a pause ends; nil outside pauses.
  private(set) var pausedUntil: Int64?

  init(limits: Limits, backoff: Backoff) {
    self.limits = limits
    self.backoff = backoff
  }

  /// Records waiting or in flight.
  var pending: Int { waitingCount + inFlight }

  private var waitingCount: Int { waiting.count - head }

  var holds: Bool {
    UInt64(pending) == accepted - delivered - refused - abandoned && pending <= limits.count
      && heldBytes <= limits.bytes
      && inFlight <= limits.inFlight && inFlight >= 0
  }

  /// Takes a record over; false if it was dropped: there is none (it could not be encoded), it does not fit, or the
  /// queue is closed.
  mutating func offer(_ bytes: [UInt8]?) -> Bool {
    guard let bytes, !isClosed, pending < limits.count, bytes.count <= limits.bytes - heldBytes else {
      dropped += 1
      return false
    }
    accepted += 1
    heldBytes += bytes.count
    waiting.append(Record(sequence: accepted, bytes: bytes))
    return true
  }

  /// The next record to send; nil if there is none, enough are in flight, or it pauses.
  mutating func take() -> Record? {
    guard pausedUntil == nil, head < waiting.count else { return nil }
    guard inFlight < (failuresInARow == 0 ? limits.inFlight : 1) else { return nil }
    let record = waiting[head]
    waiting[head] = Record(sequence: record.sequence, bytes: [])
    head += 1
    inFlight += 1
    compact()
    return record
  }

  /// A record that was taken is over. Returns the flushes that this completed.
  mutating func settle(_ record: Record, as outcome: Outcome) -> [UInt64] {
    inFlight -= 1
    heldBytes -= record.bytes.count
    failuresInARow = 0
    switch outcome {
    case .delivered: delivered += 1
    case .refused: refused += 1
    case .abandoned: abandoned += 1
    }
    return advanceFlushes(past: record)
  }

  /// Begins to wait for every record accepted so far; nil if none is pending. `settle` and `close` tell the end.
  mutating func beginFlush() -> UInt64? {
    guard pending > 0 else { return nil }
    flushesBegun += 1
    flushes.append(Flush(id: flushesBegun, mark: accepted, remaining: pending))
    return flushesBegun
  }

  /// Waits no longer. Returns how many of its records are still pending; nil if it was over.
  mutating func endFlush(_ id: UInt64) -> Int? {
    guard let index = flushes.firstIndex(where: { $0.id == id }) else { return nil }
    return flushes.remove(at: index).remaining
  }

  /// A record that was taken failed in a way that may pass: it waits again, and everything pauses.
  ///
  /// - Parameter leastNanoseconds: the server's push-back, or zero.
  /// - Returns: when to call `resume`, if a pause began.
  mutating func putBack(
    _ record: Record, leastNanoseconds: Int64, now: Int64, using random: inout some RandomNumberGenerator
  ) -> Int64? {
    inFlight -= 1
    restore(record)
    guard pausedUntil == nil else { return nil }
    let end = now + max(leastNanoseconds, 0) + backoff.delayNanoseconds(attempt: failuresInARow, using: &random)
    failuresInARow += 1
    pausedUntil = end
    return end
  }

  /// The pause may be over.
  mutating func resume(now: Int64) {
    if let end = pausedUntil, now >= end { pausedUntil = nil }
  }

  /// Takes nothing over any more and gives up every waiting record. Returns the flushes that this completed.
  mutating func close() -> [UInt64] {
    isClosed = true
    let rest = waiting[head...]
    waiting = []
    head = 0
    abandoned += UInt64(rest.count)
    var completed: [UInt64] = []
    for record in rest {
      heldBytes -= record.bytes.count
      completed += advanceFlushes(past: record)
    }
    return completed
  }

  private mutating func advanceFlushes(past record: Record) -> [UInt64] {
    guard !flushes.isEmpty else { return [] }
    for index in flushes.indices where record.sequence <= flushes[index].mark { flushes[index].remaining -= 1 }
    let completed = flushes.filter { $0.remaining == 0 }.map(\.id)
    if !completed.isEmpty { flushes.removeAll { $0.remaining == 0 } }
    return completed
  }

  /// Puts a record back among the waiting, oldest first; those in flight together are few, so the place is found from
  /// the front.
  private mutating func restore(_ record: Record) {
    var place = head
    while place < waiting.count, waiting[place].sequence < record.sequence { place += 1 }
    if place == head, head > 0 {
      head -= 1
      waiting[head] = record
    } else {
      waiting.insert(record, at: place)
    }
  }

  /// Lets go of what was taken, in steps that keep the cost of a record constant.
  private mutating func compact() {
    guard head >= 64, head * 2 >= waiting.count else { return }
    waiting.removeFirst(head)
    head = 0
  }
}
