import Synchronization
import Transport

/// The client's one clockwork: a timing wheel behind a lock, and an alarm that wakes it.
///
/// What is due runs on the thread that calls `fire`, outside the lock. The alarm is only set anew for a timer that is
/// due before it: deadlines of equal timeouts come in order, so nearly every call finds the alarm set.
final class CallTimers: Sendable {
  /// What happens when time is up.
  enum Task: Sendable {
    /// The call's deadline has passed.
    case deadline(Call)
    /// The call's wait before a retry is over.
    case retry(Call)
    /// Something rarer.
    case run(@Sendable () -> Void)
  }

  typealias Handle = TimingWheel<Task>.Handle

  /// How late a timer may be.
  static let tickNanoseconds: Int64 = 1_000_000
  /// The wheel turns once in 1,024 ticks.
  static let slotBits = 10

  struct State: ~Copyable {
    var wheel: TimingWheel<Task>
    /// When the alarm will ring, or is about to be set for.
    var alarmAt = Int64.max
    var setAlarm: (@Sendable (Int64) -> Void)?
  }

  private let clock: MonotonicClock
  private let state: Mutex<State>
  /// A time that the alarm is yet to be set for, or `.max`.
  private let wish = Atomic<Int64>(.max)

  /// - Parameter makeAlarm: see `ClientEnvironment`.
  init(
    clock: MonotonicClock, makeAlarm: (@escaping @Sendable () -> Void) -> @Sendable (Int64) -> Void
  ) {
    self.clock = clock
    let wheel = TimingWheel<Task>(
      tickNanoseconds: Self.tickNanoseconds, slotBits: Self.slotBits, startingAt: Int64(clock.now()))
    state = Mutex(State(wheel: wheel))
    // The alarm holds this and this the alarm, until `stop`: a weak reference would slow every use of this down.
    let setAlarm = makeAlarm { self.fire() }
    state.withLock { $0.setAlarm = setAlarm }
  }

  var now: Int64 { Int64(clock.now()) }

  /// Timers set and not yet over.
  var count: Int { state.withLock { $0.wheel.count } }

  /// Has `body` run at `time`, at most two ticks later; at once when stopped.
  @discardableResult
  func schedule(at time: Int64, _ body: @escaping @Sendable () -> Void) -> Handle? {
    let handle = state.withLock { state -> Handle? in
      guard state.setAlarm != nil else { return nil }
      ring(by: time, &state)
      return state.wheel.insert(.run(body), at: time)
    }
    if handle == nil { body() }
    wind()
    return handle
  }

  /// Has `task` run at `time` once `wind` was called: for callers that hold a lock, for setting an alarm is a system
  /// call.
  func insert(_ task: Task, at time: Int64) -> Handle {
    state.withLock { state in
      let handle = state.wheel.insert(task, at: time)
      ring(by: time, &state)
      return handle
    }
  }

  /// Sets the alarm if that is due.
  func wind() {
    guard wish.load(ordering: .relaxed) != .max else { return }
    let time = wish.exchange(.max, ordering: .relaxed)
    guard time != .max, let setAlarm = state.withLock({ $0.setAlarm }) else { return }
    setAlarm(time)
  }

  /// Wishes the alarm to ring a tick after `time`, when the timer is due for sure, unless it rings before.
  private func ring(by time: Int64, _ state: inout State) {
    let (sum, overflow) = time.addingReportingOverflow(Self.tickNanoseconds)
    guard !overflow, sum < state.alarmAt else { return }
    state.alarmAt = sum
    wish.store(sum, ordering: .relaxed)
  }

  /// Takes a timer back; one that is over is left alone.
  func cancel(_ handle: Handle) {
    // What it held is let go outside the lock.
    _ = state.withLock { $0.wheel.remove(handle) }
  }

  /// The time that is `duration` from now; the far future if it overflows.
  func deadline(after duration: Duration) -> Int64 {
    let (time, overflow) = now.addingReportingOverflow(max(duration.nanoseconds, 0))
    return overflow ? .max : time
  }

  /// Stops the clock for good: runs all but the calls' timers now, and returns the calls that still had a deadline.
  func stop() -> [Call] {
    let tasks = state.withLock { state in
      state.setAlarm = nil
      return state.wheel.removeAll()
    }
    for case .run(let body) in tasks { body() }
    return tasks.compactMap { task in
      if case .deadline(let call) = task { call } else { nil }
    }
  }

  /// Runs what is due and sets the alarm for what comes next.
  func fire() {
    let now = now
    let due = state.withLock { state in
      var due: [Task] = []
      state.wheel.expire(upTo: now, into: &due)
      state.alarmAt = .max
      if let next = state.wheel.nextExpiry() { ring(by: max(next, now), &state) }
      return due
    }
    wind()
    for task in due { task.run() }
  }
}

extension CallTimers.Task {
  fileprivate func run() {
    switch self {
    case .deadline(let call): call.timeIsUp()
    case .retry(let call): call.waitIsOver()
    case .run(let body): body()
    }
  }
}
