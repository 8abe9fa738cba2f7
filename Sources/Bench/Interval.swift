/// What the load thread counted in one second, handed over as a whole when the second is over.
struct Interval: Sendable, Equatable {
  /// Status codes of the contract: 0 to 16.
  static let statusCount = 17
  /// Outcomes of the contract: 0 to 4; later ones are counted in the last.
  static let outcomeCount = 6

  /// Seconds since the measured time began.
  var second = 0
  /// Calls that began in the measured time and were answered with OK, in nanoseconds; those never answered too.
  var latency = Histogram()
  /// The same, answered with another status.
  var errorLatency = Histogram()
  /// How late the harness looked at the schedule.
  var lag = Histogram()
  /// Answers with OK that arrived within the measured time.
  var completed: UInt64 = 0
  /// Calls sent within the measured time, and those that became due in it.
  var sent: UInt64 = 0
  var due: UInt64 = 0
  /// Calls that were given up, and those due that were never sent.
  var unanswered: UInt64 = 0
  var bytesSent: UInt64 = 0
  var bytesReceived: UInt64 = 0
  var status = [UInt64](repeating: 0, count: statusCount)
  var outcomes = [UInt64](repeating: 0, count: outcomeCount)

  /// Answers with a status other than OK.
  var errors: UInt64 { errorLatency.count }

  mutating func merge(_ other: Interval) {
    latency.merge(other.latency)
    errorLatency.merge(other.errorLatency)
    lag.merge(other.lag)
    completed += other.completed
    sent += other.sent
    due += other.due
    unanswered += other.unanswered
    bytesSent += other.bytesSent
    bytesReceived += other.bytesReceived
    for index in status.indices { status[index] += other.status[index] }
    for index in outcomes.indices { outcomes[index] += other.outcomes[index] }
  }

  /// Forgets everything and keeps the memory.
  mutating func removeAll() {
    latency.removeAll()
    errorLatency.removeAll()
    lag.removeAll()
    (completed, sent, due, unanswered, bytesSent, bytesReceived) = (0, 0, 0, 0, 0, 0)
    for index in status.indices { status[index] = 0 }
    for index in outcomes.indices { outcomes[index] = 0 }
  }
}
