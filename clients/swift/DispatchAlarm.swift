@preconcurrency import Dispatch
import Synchronization
import Transport

/// One wake-up call at a time, by a Dispatch timer. Setting it costs a hop; it is for rare use.
final class DispatchAlarm: Sendable {
  private let clock: MonotonicClock
  private let queue = DispatchQueue(label: "gatehouse.client.timers", qos: .userInitiated)
  private let timer: any DispatchSourceTimer
  /// When it rings next.
  private let next = Mutex(Int64.max)

  /// Wake-ups may be late by this: they are deadlines of milliseconds.
  private static let leeway = DispatchTimeInterval.microseconds(100)

  init(clock: MonotonicClock, fire: @escaping @Sendable () -> Void) {
    self.clock = clock
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.setEventHandler { [weak self] in
      self?.next.withLock { $0 = .max }
      fire()
    }
    timer.activate()
  }

  deinit { timer.cancel() }

  /// Asks for a wake-up at a time of the clock, unless there is to be an earlier one.
  func set(at time: Int64) {
    // On one queue, so that what is set last is what was decided last.
    queue.async { [self] in
      let isEarlier = next.withLock { next in
        guard time < next else { return false }
        next = time
        return true
      }
      guard isEarlier else { return }
      let wait = max(time - Int64(clock.now()), 0)
      timer.schedule(deadline: .now() + .nanoseconds(Int(wait)), leeway: Self.leeway)
    }
  }
}
