import Glibc

/// How a run is going, as it is told while it runs.
enum Progress: Sendable {
  case warmingUp
  /// A second is over; the whole is so many seconds.
  case second(Interval, of: Double)
  case step(RunResult.Step)
}

/// Writes progress to standard error: one line that is written over when that is a terminal; steps always.
struct ProgressLine: Sendable {
  let isTerminal: Bool

  /// Clears the line that the cursor is on (ECMA-48, EL).
  private static let clear = "\r\u{1B}[K"

  /// What to write for `progress`; empty for nothing.
  func text(_ progress: Progress) -> String {
    switch progress {
    case .warmingUp: return isTerminal ? "warming up" : ""
    case .second(let interval, let duration):
      guard isTerminal, Double(interval.second + 1) <= duration else { return isTerminal ? Self.clear : "" }
      let latency = interval.latency
      let percentiles = [50.0, 99, 99.9].map { Quantity.text(Double(latency.value(atPercentile: $0)) / 1000) }
      return Self.clear + "\(interval.second + 1) of \(Quantity.text(duration)) s   "
        + "\(Quantity.text(interval.completed)) /s   p50 \(percentiles[0])   p99 \(percentiles[1])   "
        + "p99.9 \(percentiles[2]) µs   errors \(Quantity.text(interval.errors))"
    case .step(let step): return (isTerminal ? Self.clear : "") + RunResult.stepLine(step) + "\n"
    }
  }
}
