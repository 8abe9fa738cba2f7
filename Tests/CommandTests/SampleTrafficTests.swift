import Foundation
import GatehouseProtocol
import Rules
import Testing

@testable import gatehouse

@Suite("The shipped sample traffic")
struct SampleTrafficTests {
  static var repositoryPath: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }

  static func repositoryFile(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: repositoryPath + "/" + path)))
  }

  private func steps(now: Int64) throws -> [ReplayStep] {
    let text = String(decoding: try Self.repositoryFile("deploy/sample/traffic.jsonl"), as: UTF8.self)
    return try ReplayFile(text, placeholders: Placeholders(run: "r1", now: now)).steps
  }

  private func shippedRules() throws -> RuleSet {
    let file = SourceFile(name: "trade.rules", bytes: try Self.repositoryFile("deploy/rules/trade.rules"))
    return try #require(RuleCompiler(digest: { _ in "" }).compile(file).ruleSet)
  }

  /// 2026-03-06 to 03-10, around the hour that New York skips on the 8th, and 2026-10-30 to 11-03, around the one that
  /// it has twice on 11-01; each at noon and at midnight in UTC.
  static let days: [Int64] = [1_772_755_200_000, 1_793_318_400_000].flatMap { start in
    (0..<9).map { start + Int64($0) * 43_200_000 }
  }

  @Test("every decision is the expected one, also around the changes of the clocks", arguments: days)
  func decisions(now: Int64) throws {
    for report in RulesTestCommand.reports(try steps(now: now), try shippedRules(), now: now) {
      #expect(report.differences.isEmpty, "line \(report.step.line): \(report.step.name)")
    }
  }

  @Test("it stands in the order of time, in the past, and within the longest window", arguments: days)
  func times(now: Int64) throws {
    let times = try steps(now: now).compactMap(\.activity.occurredAt)
    #expect(times == times.sorted())
    #expect((times.last ?? now) < now)
    #expect((times.first ?? 0) > now - 48 * 3_600_000 - 3_600_000)
  }

  @Test("it makes every shipped rule fire, and every activity has an id of its own")
  func coverage() throws {
    let steps = try steps(now: Self.days[0])
    let rules = try shippedRules()
    let fired = RulesTestCommand.reports(steps, rules, now: Self.days[0]).flatMap { $0.decision?.fired ?? [] }
    #expect(Set(fired.map(\.rule)) == Set(rules.rules.map(\.name)))
    #expect(Set(steps.map(\.activity.id)).count == steps.count)
  }
}
