import CLinux
@preconcurrency import Dispatch
import Glibc

/// What an `EpollQueue` tells its owner, on its queue.
protocol EpollHandler: AnyObject, Sendable {
  /// The descriptor registered under `key` is ready for `events`.
  func ready(key: UInt64, events: EpollEvents)
  /// `wake` was called since the last round; once for any number of calls.
  func awakened()
  /// The time given to `setTimer` has come.
  func timerFired()
  /// All that was ready at once has been told: hand over and write what was gathered.
  func roundEnded()
  /// Something was put off to the next round, which is then to come whatever is ready.
  var hasMore: Bool { get }
}

extension EpollHandler {
  var hasMore: Bool { false }
}

/// A serial queue with an epoll set of its own.
///
/// An epoll descriptor is itself pollable: one Dispatch source watches the set, so that readiness of ten thousand
/// descriptors costs one wake-up. While there is traffic the queue does not go back to Dispatch, which would cost two
/// thread switches each time, but waits in epoll_wait(2); after `lingerMilliseconds` without any it does, and holds no
/// thread. Work for the queue comes through `wake` and `setTimer`; what was given to Dispatch directly runs in between, at
/// the latest every `turnNanoseconds`.
///
/// Level-triggered: who leaves bytes unread is told again in the next round.
final class EpollQueue: @unchecked Sendable {
  // @unchecked: `handler`, `events` and `wokeSoon` are touched on `queue` only, which every entry point asserts; `wake`
  // is a system call on a constant descriptor.
  let queue: DispatchQueue
  private let epoll: Int32
  private let eventDescriptor: Int32
  private let timerDescriptor: Int32
  /// Made by `start`: Dispatch does not allow a source to be let go that was never activated.
  private var source: (any DispatchSourceRead)?
  private let events: UnsafeMutablePointer<epoll_event>
  private var handler: (any EpollHandler)?

  private let looksBeforeSleep: Int
  /// The last sleep was a short one.
  private var wokeSoon = false

  private static let soonNanoseconds: UInt64 = 50_000
  /// Descriptors told of in one round.
  private static let maxEventsPerRound = 256
  private static let lingerMilliseconds: Int32 = 20
  private static let turnNanoseconds: UInt64 = 50_000_000
  /// Rounds between two looks at the clock: it costs as much as a whole call.
  private static let roundsPerLook = 16
  private static let wakeKey = UInt64.max
  private static let timerKey = UInt64.max - 1

  /// - Parameter looksBeforeSleep: how often to look, when the last sleep was shorter than 50 µs, before sleeping again.
  ///   Being put to sleep and woken takes some 5 µs for which the peer waits; a look takes some 0.1 µs of a processor.
  /// - Throws: when the system is out of descriptors.
  init(label: String, looksBeforeSleep: Int = 0) throws(Errno) {
    self.looksBeforeSleep = looksBeforeSleep
    let made = try Self.makeDescriptors()
    (epoll, eventDescriptor, timerDescriptor) = (made[0], made[1], made[2])
    queue = DispatchQueue(label: label, qos: .userInitiated)
    events = .allocate(capacity: Self.maxEventsPerRound)
    try control(EPOLL_CTL_ADD, Socket(descriptor: eventDescriptor), Self.wakeKey, .readable)
    try control(EPOLL_CTL_ADD, Socket(descriptor: timerDescriptor), Self.timerKey, .readable)
  }

  /// All three, or none.
  private static func makeDescriptors() throws(Errno) -> [Int32] {
    var made: [Int32] = []
    do throws(Errno) {
      made.append(try systemCall { epoll_create1(Int32(EPOLL_CLOEXEC)) })
      made.append(try systemCall { eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)) })
      made.append(try systemCall { timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC)) })
      return made
    } catch {
      close(made)
      throw error
    }
  }

  deinit {
    events.deallocate()
    // A source closes them when it is cancelled.
    if source == nil { Self.close(descriptors) }
  }

  private var descriptors: [Int32] { [epoll, eventDescriptor, timerDescriptor] }

  private static func close(_ descriptors: [Int32]) {
    for descriptor in descriptors { _ = Glibc.close(descriptor) }
  }

  /// Begins to watch; once. Holds `handler` until `stop`.
  func start(_ handler: any EpollHandler) {
    self.handler = handler
    let source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
    self.source = source
    source.setEventHandler { [self] in takeTurn() }
    // Dispatch must have let go of the descriptor before it is closed, or another one of its number would be watched.
    source.setCancelHandler { [descriptors] in Self.close(descriptors) }
    source.activate()
  }

  /// Stops watching; on the queue, once, after `start`. Registered descriptors are their owners' to close.
  func stop() {
    dispatchPrecondition(condition: .onQueue(queue))
    handler = nil
    source?.cancel()
  }

  /// Has `awakened` called on the queue soon; from any thread, between `start` and `stop`.
  func wake() { _ = eventfd_write(eventDescriptor, 1) }

  /// Has `timerFired` called at `time`, in nanoseconds of the system's monotonic clock, instead of whenever it was set to
  /// before; then every `repeating` nanoseconds, 0 for once. On the queue, or before `start`.
  func setTimer(at time: UInt64, repeating: UInt64 = 0) {
    // A time of 0 would disarm it.
    var setting = itimerspec(it_interval: timespec(repeating), it_value: timespec(max(time, 1)))
    _ = timerfd_settime(timerDescriptor, Int32(TFD_TIMER_ABSTIME), &setting, nil)
  }

  func add(_ socket: Socket, key: UInt64, events: EpollEvents) throws(Errno) {
    try control(EPOLL_CTL_ADD, socket, key, events)
  }

  func modify(_ socket: Socket, key: UInt64, events: EpollEvents) throws(Errno) {
    try control(EPOLL_CTL_MOD, socket, key, events)
  }

  private func control(_ operation: Int32, _ socket: Socket, _ key: UInt64, _ events: EpollEvents) throws(Errno) {
    var event = epoll_event(events: events.rawValue, data: epoll_data_t(u64: key))
    _ = try systemCall { epoll_ctl(epoll, operation, socket.descriptor, &event) }
  }

  /// Rounds until nothing comes for a while, or the turn is over.
  private func takeTurn() {
    dispatchPrecondition(condition: .onQueue(queue))
    let end = MonotonicClock.system.now() + Self.turnNanoseconds
    var round = 0
    while let handler {
      let count = handler.hasMore ? look() : wait()
      // A failure is EINTR, after which the level-triggered source fires again.
      guard count > 0 || handler.hasMore else { return }
      for index in 0..<max(count, 0) { tell(handler, events[index]) }
      handler.roundEnded()
      round &+= 1
      if round % Self.roundsPerLook == 0, MonotonicClock.system.now() > end { break }
    }
    // What was put off makes no descriptor ready.
    if handler?.hasMore == true { wake() }
  }

  /// How many descriptors are ready, at the latest after `lingerMilliseconds`.
  private func wait() -> Int {
    for _ in 0..<(wokeSoon ? looksBeforeSleep : 0) {
      let count = look()
      if count != 0 { return count }
    }
    let start = MonotonicClock.system.now()
    let count = look(for: Self.lingerMilliseconds)
    wokeSoon = MonotonicClock.system.now() - start < Self.soonNanoseconds
    return count
  }

  @inline(__always)
  private func look(for milliseconds: Int32 = 0) -> Int {
    Int(epoll_wait(epoll, events, Int32(Self.maxEventsPerRound), milliseconds))
  }

  @inline(__always)
  private func tell(_ handler: any EpollHandler, _ event: epoll_event) {
    switch event.data.u64 {
    case Self.wakeKey:
      var count: eventfd_t = 0
      _ = eventfd_read(eventDescriptor, &count)
      handler.awakened()
    case Self.timerKey:
      var count: UInt64 = 0
      _ = read(timerDescriptor, &count, MemoryLayout<UInt64>.size)
      handler.timerFired()
    default: handler.ready(key: event.data.u64, events: EpollEvents(rawValue: event.events))
    }
  }
}

extension timespec {
  fileprivate init(_ nanoseconds: UInt64) {
    self.init(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
