/// What a rule does to an activity, in rising severity; raw values are those of the contract's `Effect`.
@frozen
public enum Effect: UInt8, CaseIterable, Comparable, BitwiseCopyable, Sendable {
  /// Nothing: it passes.
  case none = 0
  /// Let it pass whatever milder rules say; every severer effect still wins.
  case allow = 1
  /// Tell the customer.
  case suspectActivity = 2
  /// Show a captcha or another hurdle.
  case friction = 3
  /// Do not let it pass.
  case accessBlocked = 4

  /// The word for it in rules files; `none` has none.
  public var keyword: String? {
    switch self {
    case .none: nil
    case .allow: "allow"
    case .suspectActivity: "suspect_activity"
    case .friction: "friction"
    case .accessBlocked: "access_blocked"
    }
  }

  public static func < (left: Effect, right: Effect) -> Bool { left.rawValue < right.rawValue }
}
