extension LoadLoop {
  /// Sends calls when the schedule says, whatever the server does, and measures each from the moment it was due (Gil Tene's
  /// "coordinated omission" is what happens otherwise).
  ///
  /// Two cursors walk the same schedule. `due` notes how late the harness looked, which is its own fault; `unsent` is where
  /// sending stands, and falls behind when every connection has `depth` calls in flight, which is the server's.
  mutating func runOpen(_ schedule: Schedule) {
    var open = OpenLoop(due: schedule, unsent: schedule, origin: now)
    while !isStopped, now < deadline {
      let next = open.dispatch(&self)
      if open.isOver(self) { break }
      wait(until: Self.wakeTime(next, now: now, interval: schedule.interval)) { loop, _, _ in
        loop.now = Monotonic.now()
        _ = open.dispatch(&loop)
      }
    }
    open.giveUpUnsent(&self)
    finish()
  }

  /// Until when to sleep before a call is due. A thread wakes 5 to 15 µs after its time, so it asks to be woken 20 µs
  /// early and looks again and again for the rest; at high rates a quarter of the interval early, so that looking never
  /// takes more than a quarter of a core. Long sleeps end early by what the kernel may add to them (0.1 %), twice over.
  static func wakeTime(_ due: UInt64, now: UInt64, interval: UInt64) -> UInt64 {
    guard due > now else { return now }
    let early = max(min(20_000, interval / 4), (due - now) / 512)
    return max(now, due - min(early, due))
  }
}

/// Where an open loop stands in its schedule.
struct OpenLoop {
  private var due: Schedule
  private var unsent: Schedule
  /// When the schedule began, on the monotonic clock.
  private let origin: UInt64
  /// Calls that are due and could not be sent yet.
  private(set) var backlog: UInt64 = 0
  /// The connection whose turn it is.
  private var turn = 0

  init(due: Schedule, unsent: Schedule, origin: UInt64) {
    self.due = due
    self.unsent = unsent
    self.origin = origin
  }

  /// Sends what is due and fits; returns when the next call is due.
  mutating func dispatch(_ loop: inout LoadLoop) -> UInt64 {
    releaseDue(&loop)
    let first = turn
    var sent = 0
    while backlog > 0, let index = nextConnection(loop) {
      loop.send(index, start: origin + unsent.next)
      unsent.advance()
      backlog -= 1
      sent += 1
    }
    if sent > 0 { flush(from: first, &loop) }
    return nextDue(loop)
  }

  /// Hands over what was written since it was `first`'s turn: to all whose turn it was since, for those without room were
  /// passed over.
  private func flush(from first: Int, _ loop: inout LoadLoop) {
    var index = first
    repeat {
      loop.flush(index)
      index = index + 1 == loop.connections.count ? 0 : index + 1
    } while index != turn
  }

  private func nextDue(_ loop: borrowing LoadLoop) -> UInt64 {
    let next = origin + due.next
    return next < loop.window.end ? next : loop.deadline
  }

  private mutating func releaseDue(_ loop: inout LoadLoop) {
    while true {
      let time = origin + due.next
      guard time <= loop.now, time < loop.window.end else { return }
      if loop.window.contains(time) {
        loop.interval.lag.record(loop.now - time)
        loop.interval.due &+= 1
      }
      due.advance()
      backlog += 1
    }
  }

  func isOver(_ loop: borrowing LoadLoop) -> Bool {
    loop.now >= loop.window.end && backlog == 0 && loop.inFlight == 0
  }

  /// What was due and never sent counts as unanswered since it was due.
  mutating func giveUpUnsent(_ loop: inout LoadLoop) {
    loop.now = Monotonic.now()
    releaseDue(&loop)
    while backlog > 0 {
      loop.interval.countUnanswered(since: origin + unsent.next, at: loop.now, in: loop.window)
      unsent.advance()
      backlog -= 1
    }
  }

  /// Round robin over the connections with room; nil when none has.
  private mutating func nextConnection(_ loop: borrowing LoadLoop) -> Int? {
    let count = loop.connections.count
    for _ in 0..<count {
      let index = turn
      turn = turn + 1 == count ? 0 : turn + 1
      if loop.connections[index].hasRoom { return index }
    }
    return nil
  }
}
