import Windows

/// A counter as the engine keeps it.
public struct CounterPlan: Hashable, Sendable {
  /// Its name in the rules file; of counters with one definition, the first one's.
  public let name: String
  /// The definition in canonical form. Equal definitions are one counter, in one rule set and across reloads.
  public let definition: String
  /// The definition's hash: what carries windows over from one rule set to the next.
  public let identity: Hash128
  /// As much memory a key as its rules need.
  public let shape: WindowShape
}
