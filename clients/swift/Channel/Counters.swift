import Synchronization

/// The numbers of `ClientStatistics` that many threads raise at once; each is right by itself, not together at one
/// instant.
final class Counters: Sendable {
  private let calls = Atomic<UInt64>(0)
  private let succeeded = Atomic<UInt64>(0)
  private let failed = Atomic<UInt64>(0)
  private let retries = Atomic<UInt64>(0)
  private let resent = Atomic<UInt64>(0)
  private let retriesOutOfBudget = Atomic<UInt64>(0)
  private let lateAnswers = Atomic<UInt64>(0)
  private let connects = Atomic<UInt64>(0)
  private let reconnects = Atomic<UInt64>(0)
  private let failedConnects = Atomic<UInt64>(0)
  private let stalledConnections = Atomic<UInt64>(0)
  private let timeouts = Atomic<UInt64>(0)
  private let unavailable = Atomic<UInt64>(0)
  private let overloaded = Atomic<UInt64>(0)
  private let serverFaults = Atomic<UInt64>(0)

  func begin() { calls.add(1, ordering: .relaxed) }
  func succeed() { succeeded.add(1, ordering: .relaxed) }
  func fail() { failed.add(1, ordering: .relaxed) }
  func retry() { retries.add(1, ordering: .relaxed) }
  func resend() { resent.add(1, ordering: .relaxed) }
  func runOutOfBudget() { retriesOutOfBudget.add(1, ordering: .relaxed) }
  func answerLate() { lateAnswers.add(1, ordering: .relaxed) }
  func connect() { connects.add(1, ordering: .relaxed) }
  func reconnect() { reconnects.add(1, ordering: .relaxed) }
  func failToConnect() { failedConnects.add(1, ordering: .relaxed) }
  func stall() { stalledConnections.add(1, ordering: .relaxed) }

  func fallBack(_ reason: FallbackReason) {
    switch reason {
    case .timeout: timeouts.add(1, ordering: .relaxed)
    case .unavailable: unavailable.add(1, ordering: .relaxed)
    case .overloaded: overloaded.add(1, ordering: .relaxed)
    case .serverFault: serverFaults.add(1, ordering: .relaxed)
    }
  }

  private func fallbacks(_ reason: FallbackReason) -> UInt64 {
    switch reason {
    case .timeout: timeouts.load(ordering: .relaxed)
    case .unavailable: unavailable.load(ordering: .relaxed)
    case .overloaded: overloaded.load(ordering: .relaxed)
    case .serverFault: serverFaults.load(ordering: .relaxed)
    }
  }

  /// Writes the numbers into a snapshot.
  func report(to statistics: inout ClientStatistics) {
    // Ends before begins: a call that ends meanwhile may be missing from both, never from `calls` alone.
    statistics.succeeded = succeeded.load(ordering: .relaxed)
    statistics.failed = failed.load(ordering: .relaxed)
    statistics.calls = calls.load(ordering: .relaxed)
    statistics.retries = retries.load(ordering: .relaxed)
    statistics.resent = resent.load(ordering: .relaxed)
    statistics.retriesOutOfBudget = retriesOutOfBudget.load(ordering: .relaxed)
    statistics.lateAnswers = lateAnswers.load(ordering: .relaxed)
    statistics.connects = connects.load(ordering: .relaxed)
    statistics.failedConnects = failedConnects.load(ordering: .relaxed)
    statistics.reconnects = reconnects.load(ordering: .relaxed)
    statistics.stalledConnections = stalledConnections.load(ordering: .relaxed)
    for reason in FallbackReason.allCases { statistics.fallbacks[reason] = fallbacks(reason) }
  }
}
