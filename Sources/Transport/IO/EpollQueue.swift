import CLinux
@preconcurrency import Dispatch
import Glibc

/// What an `EpollQueue` tells its owner, on its queue.
protocol EpollHandler: AnyObject, Sendable {
  /// The descriptor registered under `key` is ready for `events`.
  func ready(key: UInt64, events: EpollEvents)
  /// `wake` was called since the last round; once for any number of calls.
  func awakened()
  /// All that was ready at once has been told: hand over and write what was gathered.
  func roundEnded()
}

/// A serial queue with an epoll set of its own.
///
/// An epoll descriptor is itself pollable: one Dispatch source watches the set, so that readiness of ten thousand
/// descriptors costs one wake-up. While there is traffic the queue does not go back to Dispatch, which would cost two
/// thread switches each time, but waits in epoll_wait(2); after `lingerMilliseconds` without any it does, and holds no
/// thread. Timers on the queue run in between, at the latest every `turnNanoseconds`; other work must come through
/// `wake`.
///
/// Level-triggered: who leaves bytes unread is told again in the next round.
final class EpollQueue: @unchecked Sendable {
  // @unchecked: `handler` and `events` are touched on `queue` only, which every entry point asserts; `wake` is a
  // system call on a constant descriptor.
  let queue: DispatchQueue
  private let epoll: Int32
  private let eventDescriptor: Int32
  private let source: any DispatchSourceRead
  private let events: UnsafeMutablePointer<epoll_event>
  private var handler: (any EpollHandler)?

  /// Descriptors told of in one round.
  private static let maxEventsPerRound = 256
  private static let lingerMilliseconds: Int32 = 20
  private static let turnNanoseconds: UInt64 = 50_000_000
  private static let wakeKey = UInt64.max

  /// - Throws: when the system is out of descriptors.
  init(label: String) throws(Errno) {
    let epoll = try systemCall { epoll_create1(Int32(EPOLL_CLOEXEC)) }
    do throws(Errno) {
      eventDescriptor = try systemCall { eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)) }
    } catch {
      _ = close(epoll)
      throw error
    }
    self.epoll = epoll
    queue = DispatchQueue(label: label, qos: .userInitiated)
    source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: queue)
    events = .allocate(capacity: Self.maxEventsPerRound)
    try control(EPOLL_CTL_ADD, Socket(descriptor: eventDescriptor), Self.wakeKey, .readable)
  }

  deinit { events.deallocate() }

  /// Begins to watch; once. Holds `handler` until `stop`.
  func start(_ handler: any EpollHandler) {
    self.handler = handler
    source.setEventHandler { [self] in takeTurn() }
    // Dispatch must have let go of the descriptor before it is closed, or another one of its number would be watched.
    source.setCancelHandler { [epoll, eventDescriptor] in
      _ = close(epoll)
      _ = close(eventDescriptor)
    }
    source.activate()
  }

  /// Stops watching; on the queue, once, after `start`. Registered descriptors are their owners' to close.
  func stop() {
    dispatchPrecondition(condition: .onQueue(queue))
    handler = nil
    source.cancel()
  }

  /// Has `awakened` called on the queue soon; from any thread, between `start` and `stop`.
  func wake() { _ = eventfd_write(eventDescriptor, 1) }

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
    while let handler {
      let count = Int(epoll_wait(epoll, events, Int32(Self.maxEventsPerRound), Self.lingerMilliseconds))
      // A failure is EINTR, after which the level-triggered source fires again.
      guard count > 0 else { return }
      for index in 0..<count { tell(handler, events[index]) }
      handler.roundEnded()
      if MonotonicClock.system.now() > end { return }
    }
  }

  @inline(__always)
  private func tell(_ handler: any EpollHandler, _ event: epoll_event) {
    if event.data.u64 == Self.wakeKey {
      var count: eventfd_t = 0
      _ = eventfd_read(eventDescriptor, &count)
      handler.awakened()
    } else {
      handler.ready(key: event.data.u64, events: EpollEvents(rawValue: event.events))
    }
  }
}
