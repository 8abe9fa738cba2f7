@preconcurrency import Dispatch
import Glibc
import Processors
import Synchronization
import Wire

/// One I/O queue of a server: its connections, its epoll set, its arenas.
///
/// A round: read each ready connection into the read arena, split frames in place, gather batched calls, hand them to
/// the handler once, write each connection's answers with one call. See `+Reading`, `+Calls`, `+Writing`, `+Timers`.
final class ServerQueue: EpollHandler, @unchecked Sendable {
  // @unchecked: everything but `mailbox`, `published` and constants is touched on `queue` only; every entry point
  // asserts it.
  let index: UInt32
  let limits: ServerLimits
  let machineLimits: ServerConnectionMachine.Limits
  let clock: MonotonicClock
  let opening: [UInt8]
  let handlers: [UInt16: MethodTable.Handler]
  let batchHandler: any BatchHandler
  let epoll: EpollQueue
  /// A method's kind by its id, one byte each.
  let methodKinds: UnsafeMutablePointer<MethodKind>

  var slots: [ServerConnection?] = []
  var freeSlots: [UInt32] = []
  var generations: [UInt32] = []
  /// When each slot's machine is to be asked next.
  var deadlines: [UInt64] = []

  var readArena = Arena(capacity: ServerQueue.readArenaBytes)
  let writeArena = Arena(capacity: ServerQueue.writeArenaBytes)
  let records = UnsafeMutablePointer<CallRecord>.allocate(capacity: ServerQueue.maxBatchCalls)
  let segments = UnsafeMutablePointer<ReplySegment>.allocate(capacity: ServerQueue.maxBatchCalls)
  var recordCount = 0
  var earliestDeadline = UInt64.max

  /// The time of this round.
  var now: UInt64 = 0
  var dirty: [ServerConnection] = []
  /// Connections with frames aside, whose turn is in the next round; and those whose turn is in this one.
  var aside: [ServerConnection] = []
  var due: [ServerConnection] = []
  var gone: [ServerConnection] = []
  /// Bytes of unfinished frames of all connections.
  var unfinishedBytes = 0
  /// Bytes that wait for all peers to read.
  var unreadBytes = 0
  var runningTasks = 0
  /// Bytes of the requests that they hold.
  var taskRequestBytes = 0
  var isDraining = false
  var counters = ServerCounters()
  let published = Mutex(ServerCounters())
  /// Told once, on the queue, when it drains and its last connection is gone.
  var onEmpty: (@Sendable () -> Void)?
  let mailbox = Mailbox<ServerMessage>()
  /// Connections of all queues together.
  let quota: ConnectionQuota

  /// One read's most.
  static let bytesPerRead = 64 << 10
  static let readArenaBytes = 2 << 20
  static let writeArenaBytes = 1 << 20
  /// The most calls of one batch: what one read can hold at the least, and as many again.
  static let maxBatchCalls = 4 * bytesPerRead / FrameHeader.byteCount
  /// One connection's most frames of a round. What else it sent waits while the others have their turns, so that nobody
  /// waits for more than a turn of each.
  static let framesPerTurn = 64
  /// A batch with as many calls is handed over before the next connection is read, so that answers leave early.
  static let fullBatchCalls = 128

  /// Some 6 µs under dense traffic, for the next call of a caller who asks one after the other; more was not tried.
  private static let looksBeforeSleep = 50

  var queue: DispatchQueue { epoll.queue }

  init(
    index: UInt32, configuration: ServerConfiguration, methods: MethodTable, batchHandler: any BatchHandler,
    quota: ConnectionQuota
  ) throws(Errno) {
    self.index = index
    self.quota = quota
    limits = configuration.limits
    machineLimits = ServerConnectionMachine.Limits(configuration.limits)
    clock = configuration.clock
    opening = configuration.hello.opening
    handlers = methods.handlers
    self.batchHandler = batchHandler
    let hasSpareProcessor = ProcessorCount.available > configuration.ioQueues
    epoll = try EpollQueue(
      label: "gatehouse.io.\(index)", looksBeforeSleep: hasSpareProcessor ? Self.looksBeforeSleep : 0)
    methodKinds = .allocate(capacity: 1 << 16)
    methodKinds.initialize(repeating: .unknown, count: 1 << 16)
    for (method, kind) in methods.kinds { methodKinds[Int(method)] = kind }
  }

  deinit {
    methodKinds.deallocate()
    records.deallocate()
    segments.deallocate()
  }

  func start() {
    epoll.setTimer(at: MonotonicClock.system.now() + Self.tickNanoseconds, repeating: Self.tickNanoseconds)
    epoll.start(self)
    mailbox.open { [epoll] in epoll.wake() }
  }

  // MARK: Connections

  @inline(__always)
  func connection(_ key: ConnectionKey) -> ServerConnection? {
    guard Int(key.slot) < slots.count, let connection = slots[Int(key.slot)], connection.key == key else { return nil }
    return connection
  }

  /// Takes over an accepted socket; with `refusal`, only to say so.
  func adopt(_ socket: Socket, refusal: ConnectionFailure?) {
    now = clock.now()
    let slot = freeSlots.popLast() ?? addSlot()
    let key = ConnectionKey(slot: slot, generation: generations[Int(slot)])
    let machine = ServerConnectionMachine(limits: machineLimits, now: now)
    let connection = ServerConnection(socket: socket, key: key, machine: machine)
    slots[Int(slot)] = connection
    counters.connectionsAccepted += 1
    do throws(Errno) {
      try epoll.add(socket, key: key.rawValue, events: connection.interest)
    } catch {
      return lose(connection)
    }
    rearm(connection)
    if let refusal { return fail(connection, refusal) }
    if isDraining { drain(connection) }
  }

  private func addSlot() -> UInt32 {
    slots.append(nil)
    generations.append(0)
    deadlines.append(.max)
    return UInt32(slots.count - 1)
  }

  /// Closes the descriptor now and forgets the connection at the round's end.
  func lose(_ connection: ServerConnection) {
    guard !connection.isGone else { return }
    connection.isGone = true
    stopCalls(of: connection)
    forgetInput(of: connection)
    connection.outgoing.release()
    countUnread(connection)
    connection.socket.close()
    gone.append(connection)
  }

  /// Drops what is kept of an unfinished frame.
  func forgetInput(of connection: ServerConnection) {
    unfinishedBytes -= connection.unfinishedBytes
    connection.unfinishedBytes = 0
    connection.hasFramesAside = false
    connection.input.release()
  }

  /// Frees the slots of lost connections. Not within a round: calls that were read name their slot.
  private func forgetGone() {
    guard !gone.isEmpty else { return }
    for connection in gone {
      let slot = Int(connection.key.slot)
      slots[slot] = nil
      deadlines[slot] = .max
      generations[slot] &+= 1
      freeSlots.append(connection.key.slot)
      counters.connectionsClosed += 1
      quota.release()
    }
    gone.removeAll(keepingCapacity: true)
  }

  // MARK: Rounds

  func ready(key rawKey: UInt64, events: EpollEvents) {
    if now == 0 { now = clock.now() }
    guard let connection = connection(ConnectionKey(rawValue: rawKey)), !connection.isGone else { return }
    if events.contains(.writable) { flush(connection) }
    guard !connection.isGone else { return }
    if events.contains(.readable) {
      if !connection.hasFramesAside { read(connection) }
    } else if !events.isDisjoint(with: [.failed, .hungUp]) {
      lose(connection)
    }
  }

  var hasMore: Bool { !due.isEmpty }

  func roundEnded() {
    takeFramesAside()
    deliverBatch()
    flushDirty()
    forgetGone()
    now = 0
    let counters = counters
    published.withLock { $0 = counters }
    if isDraining, let onEmpty, slots.count == freeSlots.count {
      self.onEmpty = nil
      onEmpty()
    }
  }
}
