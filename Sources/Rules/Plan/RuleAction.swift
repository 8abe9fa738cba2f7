/// What a fired rule asks the service to do besides answering.
public enum RuleAction: Hashable, Sendable {
  /// `lock customer for 1h`.
  case lockCustomer(milliseconds: Int64)
  /// `open case`.
  case openCase

  /// As it is written in rules files.
  public var text: String {
    switch self {
    case .lockCustomer(let milliseconds): "lock customer for \(Literal.duration(milliseconds))"
    case .openCase: "open case"
    }
  }
}
