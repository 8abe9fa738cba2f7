import Foundation

/// Whether a run's figures may be believed: the reasons why not.
enum Validity {
  /// An open loop that sent a smaller share of what was due in time did not keep its rate.
  static let lowestShareSent = 0.99

  static func objections(_ total: Interval, options: RunOptions, failures: [String]) -> [String] {
    var found = failures
    if total.completed == 0 { found.append("no call was answered with OK within the measured time") }
    if total.unanswered > 0 {
      found.append("\(Quantity.text(total.unanswered)) calls were not answered before the run gave up waiting")
    }
    if let rate = options.rate { found += openLoopObjections(total, rate: rate, options: options) }
    return found
  }

  private static func openLoopObjections(_ total: Interval, rate: Double, options: RunOptions) -> [String] {
    var found: [String] = []
    let seconds = options.duration.inSeconds
    if Double(total.sent) < lowestShareSent * Double(total.due) {
      let share = "\(Quantity.text(Double(total.sent) / seconds)) of \(Quantity.text(rate))"
      found.append("only \(share) calls a second could be sent in time")
    }
    let lag = Double(total.lag.value(atPercentile: 99)) / 1000
    let bound = Double(options.maximumLag.nanoseconds) / 1000
    if lag > bound {
      let late = "\(Quantity.text(lag)) µs at the 99th percentile, above \(Quantity.text(bound)) µs"
      found.append("the harness itself was late by \(late)")
    }
    return found
  }
}
