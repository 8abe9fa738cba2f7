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

  /// Lets time pass at one leap, then rings the alarms that are due: what they set off, on whatever thread, happens at
  /// the new time.
  func advance(by duration: Duration) {
    let end = state.withLock { state in
      state.now += UInt64(duration.nanoseconds)
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
