@preconcurrency import Dispatch
import Synchronization
import Wire

/// An I/O queue of a client: any number of connections share its thread and its arena.
///
/// ```swift
/// let queue = try ClientQueue(label: "bench.0")
/// queue.connect(to: endpoint, options: ClientOptions(), handler: generator)
/// ```
public final class ClientQueue: @unchecked Sendable {
  // @unchecked: everything but `mailbox` and constants is touched on the queue only, which entry points assert.
  let epoll: EpollQueue
  let mailbox = Mailbox<@Sendable () -> Void>()
  let arena = Arena(capacity: 2 * ClientQueue.bytesPerRead)
  let answers = UnsafeMutablePointer<Answer>.allocate(capacity: ClientQueue.maxAnswersPerRead)
  private var channels: [ClientChannel?] = []
  private var freeSlots: [Int] = []
  private var deadlines: [UInt64] = []
  private var generation: UInt32 = 0
  private var armedAt = UInt64.max
  private var dirty: [ClientChannel] = []
  /// The time of this round, in monotonic nanoseconds.
  private(set) var now: UInt64 = 0

  /// One read's most.
  static let bytesPerRead = 64 << 10
  /// As many answers as one read can hold.
  static let maxAnswersPerRead = 2 * bytesPerRead / FrameHeader.byteCount

  /// - Parameter label: the queue's name in debuggers.
  /// - Throws: when the system is out of descriptors.
  public init(label: String) throws(TransportError) {
    do throws(Errno) {
      epoll = try EpollQueue(label: label)
    } catch {
      throw TransportError("make an I/O queue", error)
    }
    epoll.start(Forwarder(self))
    mailbox.open { [epoll] in epoll.wake() }
  }

  deinit {
    // The forwarder lets go by itself: nobody can be on the queue any more.
    mailbox.close()
    let epoll = epoll
    epoll.queue.async { epoll.stop() }
    answers.deallocate()
  }

  /// Runs `work` on the queue, soon; from any thread.
  public func perform(_ work: @escaping @Sendable () -> Void) { mailbox.post(work) }

  /// Asserts that the caller is on the queue, in debug builds and release.
  public func preconditionOnQueue() { dispatchPrecondition(condition: .onQueue(epoll.queue)) }

  // MARK: Channels

  /// Begins to connect; from any thread. The handler is told on this queue how it went. Names are resolved elsewhere, for
  /// that may block.
  public func connect(to endpoint: Endpoint, options: ClientOptions, handler: any ClientChannelHandler) {
    DispatchQueue.global(qos: .userInitiated).async { [self] in
      let addresses = Result { () throws(TransportError) in try SocketAddress.resolve(endpoint, passive: false) }
      perform { [self] in
        let channel = ClientChannel(self, addresses: (try? addresses.get()) ?? [], options: options, handler: handler)
        switch addresses {
        case .success: channel.connectNext()
        case .failure(let error): channel.close(RPCError(.unavailable, error.message))
        }
      }
    }
  }

  func add(_ channel: ClientChannel) -> Int {
    if let slot = freeSlots.popLast() {
      channels[slot] = channel
      return slot
    }
    channels.append(channel)
    deadlines.append(.max)
    return channels.count - 1
  }

  /// What epoll carries for the next socket in a slot: an event of an earlier one is not taken for its own.
  func nextKey(slot: Int) -> UInt64 {
    generation &+= 1
    return UInt64(generation) << 32 | UInt64(slot)
  }

  func remove(_ slot: Int) {
    channels[slot] = nil
    deadlines[slot] = .max
    freeSlots.append(slot)
  }

  /// Has the channel asked at `time` at the latest.
  func arm(_ slot: Int, at time: UInt64) {
    guard time < deadlines[slot] else { return }
    deadlines[slot] = time
    if time < armedAt {
      armedAt = time
      epoll.setTimer(at: time)
    }
  }

  /// Writes what the channel has at the round's end.
  func markDirty(_ channel: ClientChannel) { dirty.append(channel) }

  // MARK: Rounds

  fileprivate func ready(key: UInt64, events: EpollEvents) {
    if now == 0 { now = MonotonicClock.system.now() }
    let slot = Int(key & 0xFFFF_FFFF)
    guard slot < channels.count, let channel = channels[slot], channel.key == key else { return }
    channel.ready(events)
  }

  fileprivate func awakened() {
    now = MonotonicClock.system.now()
    for work in mailbox.takeAll() { work() }
  }

  fileprivate func timerFired() {
    now = MonotonicClock.system.now()
    armedAt = .max
    for slot in deadlines.indices where deadlines[slot] <= now {
      deadlines[slot] = .max
      channels[slot]?.timeReached(now: now)
    }
    guard let next = deadlines.min(), next < armedAt else { return }
    armedAt = next
    epoll.setTimer(at: next)
  }

  fileprivate func roundEnded() {
    for channel in dirty { channel.flush() }
    dirty.removeAll(keepingCapacity: true)
    now = 0
  }

  /// The time of the round, or the clock's outside of one.
  var currentTime: UInt64 { now == 0 ? MonotonicClock.system.now() : now }
}

/// Keeps the epoll queue, which lives as long as it watches, from keeping the client's queue alive.
private final class Forwarder: EpollHandler {
  private weak let target: ClientQueue?

  init(_ target: ClientQueue) { self.target = target }

  func ready(key: UInt64, events: EpollEvents) { target?.ready(key: key, events: events) }
  func awakened() { target?.awakened() }
  func timerFired() { target?.timerFired() }
  func roundEnded() { target?.roundEnded() }
}
