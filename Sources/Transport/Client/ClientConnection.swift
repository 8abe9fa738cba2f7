import Synchronization
import Wire

/// A client's connection: calls from any thread, pipelined, answered in any order.
///
/// ```swift
/// let connection = try await ClientConnection.connect(to: endpoint, on: queue)
/// connection.send(1, payload: bytes, timeout: .milliseconds(20)) { outcome in … }
/// ```
/// Requests of many threads leave in one write; the answers of one read are told one after another on the queue, so what
/// is done with them must be short. Every call is told of exactly once.
public final class ClientConnection: Sendable {
  enum Phase: Sendable {
    case ready
    /// No new calls: the server is leaving, or ids have run out.
    case draining(RPCError)
    case closed(RPCError)
  }

  struct State: Sendable {
    var phase = Phase.ready
    var table: CallTable<PendingCall>
    /// Frames that the queue has not taken yet.
    var frames: [UInt8] = []
    /// The highest call whose frame the queue has taken.
    var lastTaken: UInt32 = 0
    /// The queue will look at `frames` without being told.
    var isFlushDue = false
    /// When the first open call is over, at the earliest.
    var earliestDeadline = UInt64.max
  }

  let state: Mutex<State>
  /// The server's HELLO.
  public let serverHello: PeerHello
  let queue: ClientQueue
  let options: ClientOptions
  let channel: ClientChannel
  // Touched on the queue only: the frames being written, and calls being told, kept for their memory.
  let scratch: Scratch

  init(_ channel: ClientChannel, queue: ClientQueue, hello: PeerHello, options: ClientOptions) {
    self.channel = channel
    self.queue = queue
    self.options = options
    serverHello = hello
    let theirs = hello.maxCallsInFlight == 0 ? ServerLimits().maxCallsInFlight : Int(hello.maxCallsInFlight)
    state = Mutex(State(table: CallTable(limit: min(max(options.maxCallsInFlight, 1), max(theirs, 1), 65_536))))
    scratch = Scratch()
  }

  /// Whether new calls are taken.
  public var isUsable: Bool {
    state.withLock { state in
      if case .ready = state.phase { !state.table.isExhausted } else { false }
    }
  }

  /// Calls in flight.
  public var callsInFlight: Int { state.withLock { $0.table.count } }

  // MARK: Calls

  /// Sends a unary call.
  /// - Parameters:
  ///   - timeout: after this it is told DEADLINE_EXCEEDED, whatever the server does; nil waits for ever.
  ///   - completion: told once, on the connection's queue; on this thread, before `send` returns, when the call was
  ///     refused at once (its error says `neverStarted`).
  /// - Returns: the call's id, for `cancel`; nil when it was refused.
  @discardableResult
  public func send(
    _ method: UInt16, payload: UnsafeRawBufferPointer, timeout: Duration? = nil,
    completion: @escaping @Sendable (CallOutcome) -> Void
  ) -> UInt32? {
    begin(method, payload, timeout, .unary(completion))
  }

  /// Sends a call that is answered with a stream.
  /// - Returns: the call's id, for `cancel` and `grant`; nil when it was refused, which `handler.end` was told.
  @discardableResult
  public func openStream(
    _ method: UInt16, payload: UnsafeRawBufferPointer, timeout: Duration? = nil, handler: ClientStreamHandler
  ) -> UInt32? {
    begin(method, payload, timeout, .stream(handler))
  }

  private func begin(
    _ method: UInt16, _ payload: UnsafeRawBufferPointer, _ timeout: Duration?, _ receiver: PendingCall.Receiver
  ) -> UInt32? {
    let nanoseconds = timeout.map { max($0.nanoseconds, 1) }
    let deadline = nanoseconds.map { MonotonicClock.system.now() + $0 } ?? .max
    let header = FrameHeader(
      .request, method: method, value: nanoseconds.map { Self.microseconds($0) } ?? 0, payloadByteCount: payload.count)
    let call = PendingCall(receiver: receiver, deadline: deadline)
    // Unsafe in name only: the bytes are copied before the lock is left, and the pointer is not kept.
    nonisolated(unsafe) let bytes = payload
    let (result, mustWake) = state.withLock { $0.begin(call, header, bytes, maxUnsentBytes: options.maxUnsentBytes) }
    if mustWake { wake() }
    switch result {
    case .success(let id): return id
    case .failure(let error):
      call.tell(.failure(error))
      return nil
    }
  }

  /// What the header states: 1 µs at the least, 71 minutes at most.
  private static func microseconds(_ nanoseconds: UInt64) -> UInt32 { UInt32(clamping: max(nanoseconds / 1000, 1)) }

  /// Gives up a call: it is told CANCELLED, on the queue, unless it was answered before; the server is asked to stop.
  public func cancel(_ call: UInt32) {
    queue.perform { [self] in abandon(call, RPCError(.cancelled, "cancelled by the caller")) }
  }

  /// Lets a stream send more items; for streams that do not grant automatically.
  public func grant(_ call: UInt32, items: UInt32) {
    guard items > 0 else { return }
    queue.perform { [self] in channel.appendCredit(call: call, items: items) }
  }

  /// Closes now; open calls are told UNAVAILABLE.
  public func close() { queue.perform { [self] in channel.close() } }

  private func wake() { queue.perform { [self] in flush() } }
}
