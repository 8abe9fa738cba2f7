/// How much a rule has to say.
public enum RuleMode: String, CaseIterable, Hashable, Sendable {
  /// It has its effect.
  case live
  /// It is judged and reported apart, and has no effect.
  case shadow
  /// It is checked, and otherwise as if it were not there.
  case off
}
