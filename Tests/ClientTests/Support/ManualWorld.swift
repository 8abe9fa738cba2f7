import Dispatch
import Synchronization
import Transport

@testable import GatehouseClient

/// A world in which time passes when the test says so.
final class ManualWorld: Sendable {
  private struct State {
    var now: UInt64 = 1_000_000_000
    var alarms: [Int: (at: Int64?, fire: @Sendable () -> Void)] = [:]
    var rings = 0
    /// Alarms that were set for a time that was over, since time passed last.
    var lateAlarms = 0
  }

  private let state = Mutex(State())
  /// How many of them ring at once. One that is set ever again until time passes, for it is due within the same tick, waits
  /// for that.
  private static let maxLateAlarms = 16

  var now: Int64 { Int64(state.withLock { $0.now }) }

  /// How often an alarm has rung.
  var rings: Int { state.withLock { $0.rings } }

  var environment: ClientEnvironment {
    ClientEnvironment(
      clock: MonotonicClock { [self] in UInt64(now) }, unixMilliseconds: { 1_700_000_000_000 }, seed: 42,
      makeAlarm: { [self] in makeAlarm($0) })
  }

  func makeAlarm(_ fire: @escaping @Sendable () -> Void) -> @Sendable (Int64) -> Void {
    let key = state.withLock { state in
      state.alarms[state.alarms.count] = (nil, fire)
      return state.alarms.count - 1
    }
    return { [self] time in
      let isDue = state.withLock { state in
        if time <= Int64(state.now), state.lateAlarms < Self.maxLateAlarms {
          state.rings += 1
          state.lateAlarms += 1
          return true
        }
        let earliest = min(state.alarms[key]?.at ?? .max, time)
        state.alarms[key]?.at = earliest
        return false
      }
      // As the system's: an alarm for a time that is over rings at once, on a thread of its own.
      if isDue { DispatchQueue.global().async(execute: fire) }
    }
  }

  /// Lets time pass at one leap, then rings the alarms that are due: what they set off, on whatever thread, happens at
  /// the new time.
  func advance(by duration: Duration) {
    let end = state.withLock { state in
      state.now += UInt64(duration.nanoseconds)
      state.lateAlarms = 0
      return Int64(state.now)
    }
    while let fire = nextRing(by: end) { fire() }
  }

  private func nextRing(by end: Int64) -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard let next = state.alarms.first(where: { ($0.value.at ?? .max) <= end }) else { return nil }
      state.alarms[next.key]?.at = nil
      state.rings += 1
      return next.value.fire
    }
  }
}
