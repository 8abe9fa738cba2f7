/// How much a fired rule matters to those who work on cases; it has no part in the outcome.
public enum RuleSeverity: String, CaseIterable, Hashable, Sendable {
  case low
  case medium
  case high
  case critical
}
