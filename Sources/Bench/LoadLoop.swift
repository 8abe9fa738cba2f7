import CLinux
import Glibc

/// The load thread: one epoll set over all connections, one thread, no allocation a call.
///
/// It speaks to sockets itself instead of through the client library: an open loop must decide when it wakes, to the
/// microsecond, and a figure should tell of the server, not of the client's queues.
struct LoadLoop: ~Copyable {
  /// How a run came to its end.
  struct End: Sendable {
    /// Why the figures are not of the whole run; empty when they are.
    var failures: [String] = []
  }

  /// Readiness taken up at once.
  static let eventsPerWait = 64
  /// The longest sleep: how soon an interrupt is noticed.
  private static let longestWaitNanoseconds: UInt64 = 100_000_000

  var connections: [LoadConnection]
  var source: RequestSource
  let window: Window
  /// When calls still in flight are given up.
  let deadline: UInt64
  var interval: Interval
  /// The time as last read; one reading serves a batch.
  var now: UInt64

  private let mailbox: Mailbox
  private let interrupt: Interrupt
  private let epoll: Int32
  private let events: UnsafeMutableBufferPointer<epoll_event>
  /// When the second that is being counted is over.
  private var boundary: UInt64
  private var isMeasuring = false
  private(set) var failures: [String] = []

  /// `connections` are open and no longer block. The measured time begins `warmup` from now.
  init(
    connections: [LoadConnection], source: RequestSource, options: RunOptions, mailbox: Mailbox, interrupt: Interrupt
  ) throws(BenchError) {
    self.connections = connections
    self.source = source
    self.mailbox = mailbox
    self.interrupt = interrupt
    now = Monotonic.now()
    window = Window(start: now + options.warmup.nanoseconds, length: options.duration.nanoseconds)
    deadline = window.end + options.drain.nanoseconds
    boundary = window.start + 1_000_000_000
    interval = mailbox.takeFree()
    epoll = epoll_create1(0)
    events = .allocate(capacity: Self.eventsPerWait)
    guard epoll >= 0 else { throw .connection("cannot make an epoll set: \(LoadSocket.systemMessage())") }
    for index in connections.indices { watch(index, for: EPOLLIN.rawValue, EPOLL_CTL_ADD) }
  }

  deinit {
    _ = Glibc.close(epoll)
    events.deallocate()
  }

  /// Whether there is nobody left to load, or somebody asked to stop.
  var isStopped: Bool { interrupt.isRaised || !connections.contains { $0.isOpen } }

  var inFlight: Int { connections.reduce(0) { $0 + $1.calls.count } }

  /// Sleeps until a connection is ready or `time` has come, and calls `body` with each ready connection's index after its
  /// answers were counted, and how many there were. A `time` in the past only looks.
  mutating func wait(until time: UInt64, _ body: (inout LoadLoop, Int, Int) -> Void) {
    let pause = time > now ? min(time - now, Self.longestWaitNanoseconds) : 0
    var timeout = timespec(tv_sec: 0, tv_nsec: Int(pause))
    let count = epoll_pwait2(epoll, events.baseAddress, Int32(Self.eventsPerWait), &timeout, nil)
    now = Monotonic.now()
    for position in 0..<max(0, Int(count)) {
      let event = events[position]
      let index = Int(event.data.u32)
      guard connections[index].isOpen else { continue }
      let isReadable = event.events & ~EPOLLOUT.rawValue != 0
      body(&self, index, isReadable ? receive(index) : 0)
      flush(index)
    }
    closeInterval()
  }

  /// Begins a call on a connection with room; `start` is what its latency is measured from.
  mutating func send(_ index: Int, start: UInt64) {
    do {
      let bytes = try connections[index].send(source.next(), of: source, at: start)
      if window.contains(now) {
        interval.sent &+= 1
        interval.bytesSent &+= UInt64(bytes)
      }
    } catch {
      lose(index, error)
    }
  }

  /// Hands the socket what it takes; the epoll set tells when it takes the rest.
  mutating func flush(_ index: Int) {
    guard connections[index].isOpen else { return }
    do {
      try connections[index].flush()
      let mustWait = !connections[index].output.isEmpty
      if mustWait != connections[index].waitsToWrite {
        connections[index].waitsToWrite = mustWait
        watch(index, for: EPOLLIN.rawValue | (mustWait ? EPOLLOUT.rawValue : 0), EPOLL_CTL_MOD)
      }
    } catch {
      lose(index, error)
    }
  }

  /// Gives up what is still in flight, hands over what was counted and says how the run ended.
  mutating func finish() {
    now = Monotonic.now()
    for index in connections.indices { giveUp(index) }
    if interrupt.isRaised { failures.append("the run was interrupted") }
    mailbox.post(.interval(interval))
    mailbox.post(.finished(End(failures: failures)))
  }

  private mutating func receive(_ index: Int) -> Int {
    do {
      return try connections[index].receive(counting: &interval, in: window)
    } catch {
      lose(index, error)
      return 0
    }
  }

  private mutating func lose(_ index: Int, _ error: BenchError) {
    failures.append("connection \(index) was lost: \(error)")
    giveUp(index)
  }

  private mutating func giveUp(_ index: Int) {
    let (now, window) = (now, window)
    connections[index].close { interval.countUnanswered(since: $0, at: now, in: window) }
  }

  /// Hands over the seconds that are over. The time before and after the measured time belongs to the nearest second.
  private mutating func closeInterval() {
    if !isMeasuring, now >= window.start {
      isMeasuring = true
      mailbox.post(.measuring)
    }
    while now >= boundary, boundary <= window.end {
      var next = mailbox.takeFree()
      next.second = interval.second + 1
      swap(&interval, &next)
      mailbox.post(.interval(next))
      boundary += 1_000_000_000
    }
  }

  private func watch(_ index: Int, for readiness: UInt32, _ operation: Int32) {
    var event = epoll_event()
    event.events = readiness
    event.data.u32 = UInt32(index)
    epoll_ctl(epoll, operation, connections[index].socket.descriptor, &event)
  }
}
