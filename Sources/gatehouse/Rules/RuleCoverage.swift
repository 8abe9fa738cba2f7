import Arguments
import ProtoJSON
import Rules

/// How often the activities of a test made each rule fire, and how often they did not.
struct RuleCoverage: Equatable {
  struct Count: Equatable {
    let rule: String
    /// In shadow, too.
    var fired = 0
    /// Judged, and its condition was not met.
    var silent = 0
    var notEvaluated = 0

    /// It was seen to fire, and seen not to.
    var isBothWays: Bool { fired > 0 && silent > 0 }
  }

  /// In the order of the file, without rules that are off.
  let counts: [Count]

  init(_ decisions: [SampleDecision], _ ruleSet: RuleSet) {
    var counts = ruleSet.rules.filter { $0.mode != .off }.map { Count(rule: $0.name) }
    let places = Dictionary(counts.enumerated().map { ($1.rule, $0) }, uniquingKeysWith: { first, _ in first })
    for decision in decisions {
      for fired in decision.fired + decision.shadow { if let place = places[fired.rule] { counts[place].fired += 1 } }
      for rule in decision.silent { if let place = places[rule] { counts[place].silent += 1 } }
      for missed in decision.unevaluated { if let place = places[missed.rule] { counts[place].notEvaluated += 1 } }
    }
    self.counts = counts
  }

  /// `9 of 9 rules fired, 9 of 9 both ways`, and which did not.
  var summary: String {
    let fired = counts.count { $0.fired > 0 }
    let never = counts.filter { $0.fired == 0 }.map(\.rule)
    let always = counts.filter { $0.fired > 0 && $0.silent == 0 }.map(\.rule)
    var text = "\(fired) of \(counts.count) rules fired, \(counts.count(where: \.isBothWays)) both ways"
    if !never.isEmpty { text += "; never fired: \(never.joined(separator: ", "))" }
    if !always.isEmpty { text += "; never seen not to fire: \(always.joined(separator: ", "))" }
    return text
  }

  /// An object a rule: `{"rule":…,"fired":3,"silent":12,"not_evaluated":0,"both_ways":true}`
  var json: [JSONValue] {
    counts.map { count in
      .object([
        .init("rule", .string(count.rule)), .init("fired", .number(String(count.fired))),
        .init("silent", .number(String(count.silent))), .init("not_evaluated", .number(String(count.notEvaluated))),
        .init("both_ways", .bool(count.isBothWays)),
      ])
    }
  }
}
