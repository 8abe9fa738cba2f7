import Foundation
import GatehouseProtocol
import Rules
import Testing

@testable import gatehouse

@Suite("The shipped rules, their tests and the sample traffic")
struct SampleTrafficTests {
  static var repositoryPath: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .path
  }

  static func repositoryFile(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: repositoryPath + "/" + path)))
  }

  private static let traffic = "deploy/sample/traffic.jsonl"
  private static let tests = "deploy/rules/trade.tests.jsonl"

  private func steps(_ path: String = traffic, now: Int64) throws -> [ReplayStep] {
    let text = String(decoding: try Self.repositoryFile(path), as: UTF8.self)
    return try ReplayFile(text, placeholders: Placeholders(run: "r1", now: now)).steps
  }

  private func shippedRules(_ name: String = "trade") throws -> RuleSet {
    let file = SourceFile(name: "\(name).rules", bytes: try Self.repositoryFile("deploy/rules/\(name).rules"))
    return try #require(RuleCompiler(digest: { _ in "" }).compile(file).ruleSet)
  }

  /// 2026-03-06 to 03-10, around the hour that New York skips on the 8th, and 2026-10-30 to 11-03, around the one that
  /// it has twice on 11-01; each at noon and at midnight in UTC.
  static let days: [Int64] = [1_772_755_200_000, 1_793_318_400_000].flatMap { start in
    (0..<9).map { start + Int64($0) * 43_200_000 }
  }

  @Test("every decision is the expected one, also around the changes of the clocks", arguments: days, [traffic, tests])
  func decisions(now: Int64, path: String) throws {
    for report in RulesTestCommand.outcome(try steps(path, now: now), try shippedRules(), now: now).reports {
      #expect(report.differences.isEmpty, "line \(report.step.line): \(report.step.name)")
    }
  }

  @Test("the tests beside the rules see every rule fire and not fire, and every judgement missing that can be")
  func bothWays() throws {
    let steps = try steps(Self.tests, now: Self.days[0])
    let coverage = RulesTestCommand.outcome(steps, try shippedRules(), now: Self.days[0]).coverage
    #expect(coverage.summary == "9 of 9 rules fired, 9 both ways")
    let alwaysJudged = coverage.counts.filter { $0.notEvaluated == 0 }.map(\.rule)
    #expect(alwaysJudged == ["uncommon_hours", "failed_logins_in_a_row", "too_many_payment_methods"])
  }

  @Test("the example of locked customers decides as expected, and its tests see every rule both ways")
  func locks() throws {
    let steps = try steps("deploy/rules/locks.tests.jsonl", now: Self.days[0])
    let outcome = RulesTestCommand.outcome(steps, try shippedRules("locks"), now: Self.days[0])
    for report in outcome.reports {
      #expect(report.differences.isEmpty, "line \(report.step.line): \(report.step.name)")
    }
    #expect(outcome.coverage.summary == "3 of 3 rules fired, 3 both ways")
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
    let coverage = RulesTestCommand.outcome(steps, rules, now: Self.days[0]).coverage
    #expect(coverage.counts.map(\.rule) == rules.rules.map(\.name))
    #expect(coverage.counts.allSatisfy { $0.fired > 0 })
    #expect(Set(steps.map(\.activity.id)).count == steps.count)
  }
}
