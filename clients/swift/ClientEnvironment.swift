import Foundation
import Transport

/// What a client takes from the world: clocks, an alarm, randomness. Tests bring their own.
struct ClientEnvironment: Sendable {
  /// The clock of deadlines.
  var clock: MonotonicClock
  /// Unix time in milliseconds, for ids and the time of records.
  var unixMilliseconds: @Sendable () -> Int64
  /// Seeds jitter and choices.
  var seed: UInt64
  /// Makes the wake-up call of a clockwork: what is returned asks for a run of `fire` at a time of `clock`, later and on
  /// another stack. Of several times asked for before the next run the earliest counts.
  var makeAlarm: @Sendable (_ fire: @escaping @Sendable () -> Void) -> @Sendable (Int64) -> Void

  /// The system's.
  static func system() -> ClientEnvironment {
    let clock = MonotonicClock.system
    return ClientEnvironment(
      clock: clock,
      unixMilliseconds: {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
      },
      seed: .random(in: .min ... .max),
      makeAlarm: { fire in
        let alarm = DispatchAlarm(clock: clock, fire: fire)
        return { alarm.set(at: $0) }
      })
  }
}
