import GatehouseProtocol
import Rules
import Synchronization

extension Engine {
  /// The most other rules that are told to have fired together with one, the most frequent ones.
  public static let maxOverlapsListed = 32

  /// What every rule in force has done since it came into force, at all evaluators. Waits for at most what each of them
  /// has under way.
  ///
  /// - Parameter start: since when the server judges, Unix milliseconds.
  public func ruleStatistics(since start: Int64) -> RuleStatisticsResponse {
    let generation = generation
    let (rules, sum) = (generation.rules, RuleCounts(generation.rules))
    for counted in generation.counted {
      counted.fence.isWithinChunk.withLock { _ in sum.add(counted.counts) }
    }
    let evaluated = Self.evaluated(rules, sum)
    return RuleStatisticsResponse(
      ruleSetVersion: String(rules.version.prefix(16)), since: max(start, generation.adoptedAt ?? start),
      rules: rules.rules.indices.map { rule in
        let counts = sum.counts[rule]
        return RuleStatistics(
          rule: rules.rules[rule].name, evaluated: evaluated[rule], fired: counts.fired,
          shadowFired: counts.shadowFired, notEvaluated: counts.notEvaluated, nanoseconds: counts.nanoseconds,
          overlaps: Self.overlaps(of: rule, rules, sum), wouldChangeOutcome: counts.wouldChange)
      })
  }

  /// A rule is judged by every call of its kinds.
  private static func evaluated(_ rules: RuleSet, _ sum: RuleCounts) -> [UInt64] {
    var evaluated = [UInt64](repeating: 0, count: rules.rules.count)
    for kind in rules.kinds.indices {
      for rule in rules.rules(of: Int32(kind)) { evaluated[rule] += sum.calls[kind] }
    }
    return evaluated
  }

  private static func overlaps(of rule: Int, _ rules: RuleSet, _ sum: RuleCounts) -> [RuleOverlap] {
    let together = rules.rules.indices.filter { $0 != rule }.map { other in
      (other: other, count: sum.pairs[RuleCounts.pair(rule, other)])
    }
    let most = together.filter { $0.count > 0 }.sorted { ($1.count, $0.other) < ($0.count, $1.other) }
    return most.prefix(maxOverlapsListed).map { RuleOverlap(rule: rules.rules[$0.other].name, count: $0.count) }
  }
}

extension RuleCounts {
  /// Adds another evaluator's counts of the same rules.
  fileprivate func add(_ other: RuleCounts) {
    for rule in 0..<ruleCount {
      counts[rule].fired &+= other.counts[rule].fired
      counts[rule].shadowFired &+= other.counts[rule].shadowFired
      counts[rule].notEvaluated &+= other.counts[rule].notEvaluated
      counts[rule].wouldChange &+= other.counts[rule].wouldChange
      counts[rule].nanoseconds &+= other.counts[rule].nanoseconds
    }
    for kind in 0..<kindCount { calls[kind] &+= other.calls[kind] }
    for pair in 0..<ruleCount * (ruleCount - 1) / 2 where other.pairs[pair] > 0 { pairs[pair] &+= other.pairs[pair] }
  }
}
