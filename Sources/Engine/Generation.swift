import Rules

/// A rule set in force, and where each of its counters stands in every shard.
///
/// Table slots are never renumbered, so that calls under the generation before still find their counters while a new one
/// takes over.
final class Generation: Sendable {
  let rules: RuleSet
  let fragments: AnswerFragments
  /// Counter index → table slot.
  let tableSlots: [Int]

  init(rules: RuleSet, tableSlots: [Int]) throws {
    self.rules = rules
    self.tableSlots = tableSlots
    fragments = try AnswerFragments(rules)
  }
}
