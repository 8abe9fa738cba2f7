import Synchronization
import Transport

@testable import GatehouseClient

/// A world in which time passes when the test says so.
final class ManualWorld: Sendable {
  private struct State {
    var now: UInt64 = 1_000_000_000
    var alarms: [Int: (at: Int64?, fire: @Sendable () -> Void)] = [:]
    var rings = 0
  }

  private let state = Mutex(State())

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
      state.withLock { state in
        let earliest = min(state.alarms[key]?.at ?? .max, time)
        state.alarms[key]?.at = earliest
      }
    }
  }

  /// Lets time pass, ringing every alarm at its time.
  func advance(by duration: Duration) {
    let end = now + duration.nanoseconds
    while let fire = nextRing(by: end) { fire() }
    state.withLock { $0.now = UInt64(end) }
  }

  private func nextRing(by end: Int64) -> (@Sendable () -> Void)? {
    state.withLock { state in
      let due = state.alarms.filter { ($0.value.at ?? .max) <= end }
      guard let next = due.min(by: { ($0.value.at ?? .max) < ($1.value.at ?? .max) }) else { return nil }
      state.now = max(state.now, UInt64(max(next.value.at ?? 0, 0)))
      state.alarms[next.key]?.at = nil
      state.rings += 1
      return next.value.fire
    }
  }
}
