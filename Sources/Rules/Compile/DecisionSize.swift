/// The most bytes of a decision in which every rule on one kind of activity fires, or cannot be judged: so much room an
/// answer needs. What the contract puts around names and texts is counted with constants that it never exceeds.
struct DecisionSize {
  /// The decision's own numbers, its version and its place in the log.
  private static let decisionBytes = 256
  /// Around a rule's name and message: its numbers, its actions, and the lengths of all.
  private static let ruleBytes = 160
  private static let tagBytes = 4
  /// Around a counter's name, and around the name of one that is warming up.
  private static let observationBytes = 96
  /// The name of what a rule could not be judged for.
  private static let missingBytes = 80

  private(set) var bytes = Self.decisionBytes

  var isTooLarge: Bool { bytes > Limits.maxDecisionBytes }

  mutating func add(_ rule: RulePlan) {
    let message = max(rule.consequence.maxMessageBytes, rule.otherwise?.maxMessageBytes ?? 0)
    bytes += Self.ruleBytes + rule.name.utf8.count + max(message, Self.missingBytes)
    bytes += rule.tags.reduce(0) { $0 + $1.utf8.count + Self.tagBytes }
    bytes += rule.observations.reduce(0) { $0 + $1.counter.utf8.count + Self.observationBytes }
  }

  /// A counter over a window, which may be warming up.
  mutating func add(reading counter: String) { bytes += counter.utf8.count + Self.observationBytes }
}
