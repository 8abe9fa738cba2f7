import Foundation
import Testing

@testable import Bench

@Suite("A comparison")
struct ComparisonTests {
  private func compare(_ change: (inout RunResult) -> Void) -> Comparison {
    Comparison(Sample.result(), Sample.result(change), tolerance: 0.05)
  }

  @Test("of a run with itself finds nothing")
  func same() {
    let comparison = compare { _ in }
    #expect(comparison.verdict == .same && comparison.exitCode == .ok)
    #expect(comparison.lines.count == Figure.allCases.count)
    #expect(comparison.lines.allSatisfy { $0.ratio == 1 && ($0.verdict ?? .same) == .same })
  }

  @Test("finds more throughput and less latency better")
  func better() {
    #expect(compare { $0.figures.scale(.requestsPerSecond, by: 1.1) }.verdict == .better)
    #expect(compare { $0.figures.scale(.p99, by: 0.9) }.verdict == .better)
  }

  @Test("finds less throughput, more latency and new errors worse, whatever else is better")
  func worse() {
    #expect(compare { $0.figures.scale(.requestsPerSecond, by: 0.9) }.verdict == .worse)
    #expect(
      compare {
        $0.figures.scale(.p999, by: 1.1)
        $0.figures.scale(.p50, by: 0.5)
      }.verdict == .worse)
    let errors = compare { $0.figures[.errorShare] = 0.01 }
    #expect(errors.verdict == .worse && errors.exitCode == .threshold)
    #expect(errors.lines.first { $0.figure == .errorShare }?.ratio == nil)
  }

  @Test("takes what is within its tolerance, and figures that do not decide, for the same")
  func tolerance() {
    #expect(compare { $0.figures.scale(.p99, by: 1.049) }.verdict == .same)
    #expect(compare { $0.figures.scale(.max, by: 10) }.verdict == .same)
    #expect(compare { $0.figures.scale(.harnessCPU, by: 10) }.verdict == .same)
  }

  @Test("leaves out what one of the runs lacks")
  func absent() {
    #expect(!compare { $0.figures[.serverCPU] = nil }.lines.contains { $0.figure == .serverCPU })
  }

  @Test(
    "refuses runs that are not valid or have other shapes",
    arguments: [
      { $0.details.valid = false }, { $0.details.connections = 1 }, { $0.details.depth = 1 }, { $0.details.rate = nil },
      { $0.details.loop = "closed" }, { $0.details.workload.keys = 5 }, { $0.details.workload.mode = "check" },
      { $0.details.workload.zipf = nil }, { $0.details.workload.mix = ["evaluate": 1] },
    ] as [@Sendable (inout RunResult) -> Void])
  func incomparable(change: @Sendable (inout RunResult) -> Void) {
    let comparison = compare(change)
    #expect(comparison.verdict == .incomparable && comparison.exitCode == .invalid && comparison.objections.count == 1)
  }

  @Test("is written as a table and as JSON")
  func written() throws {
    let comparison = compare { $0.figures.scale(.p99, by: 1.5) }
    let text = comparison.text()
    #expect(text.contains("p99_us") && text.contains("1.500  worse") && text.hasSuffix("verdict: B is worse\n"))
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any])
    #expect(object.keys.sorted() == ["objections", "ratios", "verdict"])
    #expect((object["ratios"] as? [String: Double])?["p99_us"] == 1.5)
  }
}

extension Figures {
  fileprivate mutating func scale(_ figure: Figure, by factor: Double) {
    self[figure] = self[figure].map { $0 * factor }
  }
}
