/// The calls that the harness can make.
public enum CallKind: String, Sendable, Codable, CaseIterable {
  /// `Gatehouse.Evaluate` of an order.
  case evaluate
  /// `Gatehouse.RecordActivity` of a login.
  case record
  /// `Health.Check` of the server as a whole.
  case health
}
