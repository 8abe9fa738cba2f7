extension LoadLoop {
  /// Keeps `depth` calls in flight on every connection: each answer lets the next call go. Its latencies are those of a
  /// caller that waits, so a stall of the server delays few calls; the open loop tells what it would do to the others.
  mutating func runClosed() {
    for index in connections.indices { refill(index) }
    while now < window.end, !isStopped {
      wait(until: window.end) { loop, index, answers in
        if answers > 0 { loop.refill(index) }
      }
    }
    while now < deadline, !isStopped, inFlight > 0 {
      wait(until: deadline) { _, _, _ in }
    }
    finish()
  }

  /// One reading of the clock serves the whole batch.
  private mutating func refill(_ index: Int) {
    now = Monotonic.now()
    guard now < window.end else { return }
    while connections[index].hasRoom { send(index, start: now) }
    flush(index)
  }
}
