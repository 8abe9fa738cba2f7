import Foundation

@testable import Bench

/// A result to report and compare, the same every time.
enum Sample {
  static func result(_ change: (inout RunResult) -> Void = { _ in }) -> RunResult {
    var figures = Figures()
    for (index, figure) in Figure.allCases.enumerated() { figures[figure] = Double(100 + index) }
    figures[.errorShare] = 0
    var result = RunResult(figures: figures, details: details)
    change(&result)
    return result
  }

  static let details = RunResult.Details(
    name: "sample", startedAt: 1_800_000_000_000, valid: true, invalidReasons: [], crossedThresholds: [],
    server: RunResult.Server(address: "127.0.0.1:7400", version: "0.1.0", ruleSetVersion: "0123456789abcdef"),
    host: RunResult.Host(cpu: "a processor", cores: 2, kernel: "6.1"), loop: "open", connections: 16, depth: 64,
    rate: 50_000, arrival: "poisson", durationSeconds: 2, warmupSeconds: 1,
    workload: RunResult.Workload(
      mix: ["evaluate": 8, "health": 1], mode: "record", durability: "server", keys: 100_000, zipf: 0.99, ids: true,
      seed: 1, payloadBytes: ["evaluate": 180, "health": 0]),
    status: ["OK": 99_990, "RESOURCE_EXHAUSTED": 10], outcomes: ["NONE": 99_000, "FRICTION": 990],
    timeline: [
      RunResult.Moment(second: 0, requests: 49_990, errors: 10, p50: 60, p99: 120, max: 900),
      RunResult.Moment(second: 1, requests: 50_000, errors: 0, p50: 61, p99: 119, max: 800),
    ],
    steps: [RunResult.Step(from: 0, to: 2, figures: stepFigures)],
    curve: [
      RunResult.CurvePoint(value: 40, percentile: 0, count: 1),
      RunResult.CurvePoint(value: 60, percentile: 0.5, count: 50_000),
      RunResult.CurvePoint(value: 120, percentile: 0.99, count: 99_000),
      RunResult.CurvePoint(value: 900, percentile: 1, count: 99_990),
    ])

  private static var stepFigures: Figures {
    var figures = Figures()
    figures[.p50] = 60
    figures[.serverResident] = 50 * 1_048_576
    return figures
  }
}
