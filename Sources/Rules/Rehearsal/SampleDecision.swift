/// What a rehearsal makes of a sample activity.
public struct SampleDecision: Hashable, Sendable {
  /// A rule that fired.
  public struct Fired: Hashable, Sendable {
    public var rule: String
    public var effect: Effect
    /// With its values put in.
    public var message: String
    public var observations: [Observation]
  }

  /// A counter as a rule that fired saw it.
  public struct Observation: Hashable, Sendable {
    public var counter: String
    public var windowMilliseconds: Int64
    public var value: Int64
    public var isAtLeast: Bool
    public var threshold: Int64
  }

  /// A rule that could not be judged.
  public struct Unevaluated: Hashable, Sendable {
    public var rule: String
    public var missingField: String
  }

  public var outcome: Effect
  /// Most severe first, then in the order of the file.
  public var fired: [Fired]
  public var unevaluated: [Unevaluated]
  /// What would have fired were its rule live.
  public var shadow: [Fired] = []
  /// The rules that were judged and did not fire, in the order of the file.
  public var silent: [String] = []
  /// By rule, how its condition came out, where that was asked for.
  public var explanations: [String: ExplainedPart] = [:]
}
