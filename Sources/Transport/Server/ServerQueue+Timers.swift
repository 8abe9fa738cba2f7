@preconcurrency import Dispatch
import Wire

extension ServerQueue {
  /// How exact timeouts are: one timer looks at all connections as often.
  static let tickNanoseconds: UInt64 = 100_000_000

  /// The machine is to be asked at its next deadline.
  func rearm(_ connection: ServerConnection) {
    deadlines[Int(connection.key.slot)] = connection.machine.nextDeadline
  }

  /// The machine is to be asked at `time` at the latest.
  func arm(_ connection: ServerConnection, at time: UInt64) {
    let slot = Int(connection.key.slot)
    if time < deadlines[slot] { deadlines[slot] = time }
  }

  /// One comparison a connection; hot frames never touch `deadlines`, so most that come up are merely moved on.
  func timerFired() {
    dispatchPrecondition(condition: .onQueue(queue))
    now = clock.now()
    for slot in deadlines.indices where deadlines[slot] <= now {
      guard let connection = slots[slot], !connection.isGone else { continue }
      timeReached(connection)
    }
  }

  private func timeReached(_ connection: ServerConnection) {
    while !connection.isGone {
      switch connection.machine.timerFired(now: now) {
      case .none: return rearm(connection)
      case .ping: say(FrameHeader(.ping).frame(), to: connection)
      case .expire(let calls):
        for call in calls {
          counters.callsExpired += 1
          end(call, connection, RPCError(.deadlineExceeded, "time ran out"))
        }
      case .fail(let failure): fail(connection, failure)
      case .close: lose(connection)
      }
    }
  }
}
