import Foundation

extension RunResult {
  /// The report for people, a few lines, no colour.
  public func text() -> String {
    var lines = [details.name, "  " + details.shape, "  " + details.serverLine, ""]
    lines.append("  throughput   " + figureList([.requestsPerSecond, .requests, .errors, .unanswered]))
    lines.append("  latency µs   " + percentileList(figures))
    if details.loop == "open" { lines.append("  own lag µs   " + lagList) }
    if !details.status.isEmpty { lines.append("  status       " + Self.counts(details.status)) }
    if !details.outcomes.isEmpty { lines.append("  outcomes     " + Self.counts(details.outcomes)) }
    lines.append("  bytes        " + figureList([.bytesSent, .bytesReceived]))
    lines.append("  resources    " + figureList([.harnessCPU, .serverCPU, .serverCPUPerRequest, .serverResident]))
    lines += details.steps.map { "  " + Self.stepLine($0) }
    lines += details.crossedThresholds.map { "  crossed      \($0)" }
    lines += details.invalidReasons.map { "  NOT VALID    \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A step as one line.
  static func stepLine(_ step: Step) -> String {
    let span = String(format: "%5.0f–%.0f s", step.from, step.to)
    let figures: [Figure] = [.requestsPerSecond, .p50, .p99, .p999, .max, .errors, .serverResident]
    let parts = figures.compactMap { figure in
      step.figures[figure].map { "\(figure.shortName) \(Quantity.text(figure, $0))" }
    }
    return "step \(span)  " + parts.joined(separator: "  ")
  }

  private func figureList(_ wanted: [Figure]) -> String {
    wanted.compactMap { figure in
      figures[figure].map { "\(figure.shortName) \(Quantity.text(figure, $0))" }
    }.joined(separator: "   ")
  }

  private func percentileList(_ figures: Figures) -> String {
    let percentiles = (Figure.percentiles.map(\.figure) + [.mean]).compactMap { figure in
      figures[figure].map { "\(figure.shortName) \(Quantity.text($0))" }
    }
    return percentiles.isEmpty ? "no call was answered with OK" : percentiles.joined(separator: "   ")
  }

  private var lagList: String {
    [Figure.lagP50, .lagP99, .lagMax].compactMap { figure in
      figures[figure].map { "\(figure.shortName) \(Quantity.text($0))" }
    }.joined(separator: "   ")
  }

  /// The most frequent first.
  private static func counts(_ counts: [String: UInt64]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \(Quantity.text($0.value))" }.joined(separator: "   ")
  }
}

extension RunResult.Details {
  /// The load in one line: `evaluate, record, closed loop, 16 connections × 64, 100,000 keys, 5 s after 1 s of warm-up`.
  var shape: String {
    let calls = workload.mix.sorted { $0.key < $1.key }
      .map { workload.mix.count == 1 ? $0.key : "\($0.key)=\($0.value)" }.joined(separator: ",")
    let load = rate.map { "open loop at \(Quantity.text($0)) /s \(arrival ?? "")" } ?? "closed loop"
    let keys = "\(Quantity.text(workload.keys)) keys" + (workload.zipf.map { " by Zipf \($0)" } ?? "")
    let time = "\(Quantity.text(durationSeconds)) s after \(Quantity.text(warmupSeconds)) s of warm-up"
    return "\(calls), \(workload.mode), \(load), \(connections) × \(depth), \(keys), \(time)"
  }

  var serverLine: String {
    let version = server.version.isEmpty ? "" : ", version \(server.version), rules \(server.ruleSetVersion)"
    return "server \(server.address)\(version); harness on \(host.cores) cores, \(host.cpu), Linux \(host.kernel)"
  }
}

extension Figure {
  /// As a line of text calls it.
  var shortName: String {
    switch self {
    case .requestsPerSecond: "ok"
    case .errorShare: "errors"
    case .lagP50: "p50"
    case .lagP99: "p99"
    case .lagMax: "max"
    case .bytesSent: "sent"
    case .bytesReceived: "received"
    case .harnessCPU: "harness"
    case .serverCPU: "server"
    case .serverCPUPerRequest: "server per call"
    case .serverResident: "server memory"
    case .p999: "p99.9"
    case .p9999: "p99.99"
    default: rawValue.hasSuffix("_us") ? String(rawValue.dropLast(3)) : rawValue
    }
  }
}
