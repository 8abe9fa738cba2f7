import Windows

/// What a rule costs, by estimate: the terms below were measured on one core of 2026's usual server and are meant for
/// comparing rules, not for promising latencies.
public struct RuleCost: Hashable, Sendable {
  /// One step of a condition's program, and one more field's hash.
  public static let nanosecondsAStep = 3.0
  public static let nanosecondsAHash = 20.0
  /// One counter's window updated and read: in cache, and with one miss of it.
  public static let nanosecondsAWindow = 60.0

  public let rule: String
  /// The condition's steps.
  public let steps: Int
  /// The counters that the rule reads, shared with other rules or not.
  public let counters: [String]
  /// For each activity of the rule's kinds, as if no counter were shared.
  public let nanoseconds: Double
  /// The most that the rule's counters keep of each key, as if none were shared.
  public let bytesAKey: Int
}

extension RuleSet {
  /// The estimate for every rule, in the order of the file. Rules that are off cost nothing.
  public var costs: [RuleCost] {
    rules.enumerated().map { index, rule in
      guard rule.mode != .off,
        let judged = (0..<judgedRules.count).map({ judgedRules[$0] }).first(where: { $0.rule == index })
      else { return RuleCost(rule: rule.name, steps: 0, counters: [], nanoseconds: 0, bytesAKey: 0) }
      let steps = Int(judged.programCount)
      let used = rule.counters.map { counters[$0] }
      let windows = Double(used.count) * (RuleCost.nanosecondsAWindow + RuleCost.nanosecondsAHash)
      return RuleCost(
        rule: rule.name, steps: steps, counters: used.map(\.name),
        nanoseconds: Double(steps) * RuleCost.nanosecondsAStep + windows,
        bytesAKey: used.reduce(0) { $0 + $1.shape.mostBytesAKey })
    }
  }
}

extension WindowShape {
  /// The key, and room for as many events as the shape can keep: 8 bytes for a time, 16 for a time and a value.
  var mostBytesAKey: Int { 16 + capacity * (aggregate == .count ? 8 : 16) }
}
