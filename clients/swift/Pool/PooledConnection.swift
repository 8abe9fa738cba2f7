import Synchronization
import Transport
import Wire

/// One connection in the pool: its calls, its load and its health.
///
/// It stands on `ClientChannel`, which lives on the I/O queue. Calls come from any thread: they gather in the outbox,
/// and the queue takes all of them in one round and writes them at once. Their deadlines are not its business; the
/// wheel has them.
///
/// ```
/// opening ──HELLO──▶ open ──GO_AWAY, ids used up, given up──▶ leaving ──last answer──▶ closed
///    └──────── failure ──────────┴────────────── failure ─────────┴────────────────────▶ closed
/// ```
/// `events` is told once when it is open, and when it takes no new calls; every call is told of once. The pool is told
/// before calls are refused, so that a call that is refused and looks again does not find the same connection.
final class PooledConnection: Sendable {
  /// What the pool is told.
  enum Event: Sendable {
    case opened
    /// It takes no new calls, or never did.
    case ended(RPCError)
  }

  /// A frame to be sent.
  enum Outgoing: Sendable {
    case request(Call, id: UInt32, microseconds: UInt32)
    case cancel(id: UInt32)
    case credit(id: UInt32, items: UInt32)
  }

  /// A call that was sent, and the number of that sending.
  struct OpenCall: Sendable {
    let call: Call
    let sending: UInt32
  }

  enum Phase: Sendable {
    case opening
    case open(ClientChannel)
    /// What new calls are told; those that are open are still answered.
    case leaving(ClientChannel, RPCError)
    case closed(RPCError)
  }

  struct State: ~Copyable {
    var phase = Phase.opening
    /// The longest request that the server accepts.
    var maxPayloadBytes = PooledConnection.defaultPayloadBytes
    var openCalls: [UInt32: OpenCall] = [:]
    var lastID: UInt32 = 0
    /// The highest id whose REQUEST the channel has taken.
    var lastTaken: UInt32 = 0
    var outbox: [Outgoing] = []
    /// The queue will look into the outbox without being told.
    var isFlushDue = false
  }

  let slot: Int
  let attempt: UInt64
  let state = Mutex(State())
  let events: @Sendable (PooledConnection, Event) -> Void

  /// When it was opened, in monotonic nanoseconds; 0 before.
  let openedAt = Atomic<Int64>(0)
  /// Calls that the server answers at once, at most.
  let limit = Atomic<Int>(0)
  private let inFlight = Atomic<Int>(0)
  private let hasAnswered = Atomic<Bool>(false)
  private let hasStalled = Atomic<Bool>(false)
  /// Whether the detector has anything to forget: spares an answer its lock.
  private let isSuspect = Atomic<Bool>(false)
  private let detector = Mutex(StallDetector())

  /// Living this long is proof enough of a connection that nothing was asked of.
  static let provenAfterNanoseconds: Int64 = 1_000_000_000
  /// What a server that names no limit accepts (wire.md).
  static let defaultCallsInFlight = 1_024
  static let defaultPayloadBytes = 4 << 20
  /// Calls sent on one connection, whatever its server would accept.
  static let callsInFlightLimit = 65_536
  /// Ids end before they could wrap; another connection takes over.
  static let maxID: UInt32 = 0xFFFF_0000

  init(slot: Int, attempt: UInt64, events: @escaping @Sendable (PooledConnection, Event) -> Void) {
    self.slot = slot
    self.attempt = attempt
    self.events = events
  }

  // MARK: Load

  /// Calls sent and not answered.
  var load: Int { inFlight.load(ordering: .relaxed) }

  /// Whether it takes one more.
  var hasRoom: Bool { load < limit.load(ordering: .relaxed) }

  /// A call is about to be sent.
  func take() { inFlight.add(1, ordering: .relaxed) }

  /// A call was answered, or was not sent after all.
  func release() { inFlight.subtract(1, ordering: .relaxed) }

  // MARK: Health

  /// The peer answered. True the first time.
  func answered() -> Bool {
    if isSuspect.load(ordering: .relaxed) {
      isSuspect.store(false, ordering: .relaxed)
      detector.withLock { $0.answered() }
    }
    return !hasAnswered.load(ordering: .relaxed) && !hasAnswered.exchange(true, ordering: .relaxed)
  }

  /// A call sent at `sentAt` ran out of time. True if the connection is to be given up.
  func timedOut(sentAt: Int64, now: Int64) -> Bool {
    isSuspect.store(true, ordering: .relaxed)
    let isStalled = detector.withLock { $0.timedOut(sentAt: sentAt, now: now) }
    if isStalled { hasStalled.store(true, ordering: .relaxed) }
    return isStalled
  }

  /// Whether it was good for something to its end: losing it is no sign that the server is bad.
  func hasProved(by now: Int64) -> Bool {
    guard !hasStalled.load(ordering: .relaxed) else { return false }
    let openedAt = openedAt.load(ordering: .relaxed)
    return hasAnswered.load(ordering: .relaxed) || (openedAt > 0 && now - openedAt >= Self.provenAfterNanoseconds)
  }
}
