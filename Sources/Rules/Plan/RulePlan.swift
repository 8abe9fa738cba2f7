/// What there is to know about a rule besides how to judge it.
public struct RulePlan: Hashable, Sendable {
  /// A counter that the condition compares with a constant.
  public struct Observation: Hashable, Sendable {
    /// As the rule names it.
    public let counter: String
    public let windowMilliseconds: Int64
    public let threshold: Int64
  }

  public let name: String
  public let effect: Effect
  /// What it tells, empty when the rule says nothing.
  public let message: String
  /// What it does when its condition cannot be judged: `nil` is to report it as not evaluated, `none` is nothing.
  public let otherwiseEffect: Effect?
  public let otherwiseMessage: String
  /// In the order in which the condition names them.
  public let observations: [Observation]
}
