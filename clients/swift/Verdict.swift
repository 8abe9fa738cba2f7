import GatehouseProtocol

/// What `evaluate` answers: the server's decision, or the declared fallback, marked as such.
///
/// ```swift
/// switch verdict.answer {
/// case .allow: charge()
/// case .challenge: showCaptcha()
/// case .deny: refuse(because: verdict.messages)
/// }
/// ```
public struct Verdict: Sendable, Equatable {
  /// What the caller does.
  public enum Answer: Sendable, Hashable {
    /// Let it pass. The outcome may still ask to tell the customer (`Effect.suspectActivity`).
    case allow
    /// Show a captcha or another hurdle.
    case challenge
    /// Do not let it pass.
    case deny
  }

  /// Who decided.
  public enum Source: Sendable, Hashable {
    /// The server, by its rules.
    case server
    /// Nobody: no decision came, and this is the fallback that the client or the call declared.
    case fallback(FallbackReason)
  }

  /// The decision with its reasons; for a fallback its outcome alone.
  public let decision: Decision
  /// Who decided.
  public let source: Source
  /// The activity's id, the caller's or the one made here. With it a fallback can be looked up or asked again later,
  /// and is counted once. Empty for a check without an id.
  public let activityID: String
  /// Why it is a fallback; nil for the server's.
  public let error: GatehouseError?

  /// The most severe effect of the rules that fired.
  public var outcome: Effect { decision.outcome }

  /// What the rules that fired tell, the most severe first.
  public var messages: [String] { decision.fired.map(\.message) }

  /// What the caller does. Effects are numbered in rising severity, so one that this version does not know is taken for
  /// the known one below it: nothing that a newer server blocks passes here.
  public var answer: Answer {
    switch decision.outcome.rawValue {
    case Effect.accessBlocked.rawValue...: .deny
    case Effect.friction.rawValue...: .challenge
    default: .allow
    }
  }

  public static func == (one: Verdict, other: Verdict) -> Bool {
    one.decision == other.decision && one.source == other.source && one.activityID == other.activityID
  }
}

extension Verdict {
  init(_ decision: Decision, activityID: String) {
    self.init(decision: decision, source: .server, activityID: activityID, error: nil)
  }

  /// The fallback for `error`; nil if the error is the caller's to mend or the fallback is to throw.
  init?(_ fallback: Fallback, for error: GatehouseError, activityID: String) {
    guard let reason = FallbackReason(error.code), let outcome = fallback.outcome else { return nil }
    self.init(
      decision: Decision(outcome: outcome), source: .fallback(reason), activityID: activityID, error: error)
  }
}

extension Fallback {
  /// The effect that stands for it; nil for `throw`.
  fileprivate var outcome: Effect? {
    switch self {
    case .allow: .allow
    case .deny: .accessBlocked
    case .challenge: .friction
    case .throw: nil
    }
  }
}
