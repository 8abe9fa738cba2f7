/// What the rules make of one activity. Allocated once and refilled by every `RuleSet.decide`; the buffers hold as many
/// elements as their counts say.
public struct Verdict: ~Copyable {
  /// A rule that fired.
  @frozen
  public struct Fired: BitwiseCopyable, Sendable {
    /// Index into `RuleSet.rules`.
    public var rule: Int32
    /// Where its observations begin, and how many they are.
    public var firstObservation: Int32
    public var observationCount: Int32
    public var effect: Effect
    /// It fired because its condition could not be judged: effect and message are those of its `otherwise`.
    public var isOtherwise: Bool
  }

  /// A counter as a rule that fired saw it. Counters that could not be read are left out.
  @frozen
  public struct Observation: BitwiseCopyable, Sendable {
    /// Index into the rule's `RulePlan.observations`, which tells counter, window and threshold.
    public var index: Int32
    /// The value is a lower bound: the window keeps no more than its rules need.
    public var isAtLeast: Bool
    /// Events were given up for want of memory.
    public var isIncomplete: Bool
    public var value: Int64
    public var threshold: Int64
    public var windowMilliseconds: Int64
  }

  /// A rule that could not be judged.
  @frozen
  public struct Unevaluated: BitwiseCopyable, Sendable {
    /// Index into `RuleSet.rules`.
    public var rule: Int32
    /// The first field for want of which it could not: `RuleSet.missingName(_:)` names it.
    public var missing: Int32
  }

  /// The most severe effect of all that fired.
  public internal(set) var outcome = Effect.none
  /// Most severe first, then in the order of the file.
  public let fired: UnsafeMutablePointer<Fired>
  public internal(set) var firedCount = 0
  /// Of all rules that fired, in shadow or not; each `Fired` says where its own are.
  public let observations: UnsafeMutablePointer<Observation>
  public internal(set) var observationCount = 0
  /// In the same order.
  public let unevaluated: UnsafeMutablePointer<Unevaluated>
  public internal(set) var unevaluatedCount = 0
  /// What would have fired were its rule live; no part of the outcome.
  public let shadowFired: UnsafeMutablePointer<Fired>
  public internal(set) var shadowFiredCount = 0
  /// Rules in shadow that could not be judged.
  public let shadowUnevaluated: UnsafeMutablePointer<Unevaluated>
  public internal(set) var shadowUnevaluatedCount = 0
  let ruleCapacity: Int
  let observationCapacity: Int

  /// Room for the verdicts of `ruleSet`: make another one for another rule set.
  public init(for ruleSet: RuleSet) {
    ruleCapacity = max(1, ruleSet.rules.count)
    observationCapacity = max(1, ruleSet.maxObservations)
    fired = .allocate(capacity: ruleCapacity)
    observations = .allocate(capacity: observationCapacity)
    unevaluated = .allocate(capacity: ruleCapacity)
    shadowFired = .allocate(capacity: ruleCapacity)
    shadowUnevaluated = .allocate(capacity: ruleCapacity)
  }

  deinit {
    fired.deallocate()
    observations.deallocate()
    unevaluated.deallocate()
    shadowFired.deallocate()
    shadowUnevaluated.deallocate()
  }

  @inline(__always)
  mutating func removeAll() {
    outcome = .none
    firedCount = 0
    observationCount = 0
    unevaluatedCount = 0
    shadowFiredCount = 0
    shadowUnevaluatedCount = 0
  }
}
