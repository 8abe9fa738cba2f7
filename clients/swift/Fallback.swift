/// What a client answers in the server's place when no verdict came in time.
public enum Fallback: Sendable, Hashable, CaseIterable {
  /// Let it pass: an outage must not cost a sale.
  case allow
  /// Do not let it pass: an outage must not let anything slip.
  case deny
  /// Show a captcha or another hurdle.
  case challenge
  /// Answer nothing: throw the error and leave the choice to the caller.
  case `throw`
}
