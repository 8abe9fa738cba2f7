/// One thing that is wrong, or doubtful, in a rules file.
public struct Diagnostic: Hashable, Sendable {
  /// Whether it prevents the file from being used.
  public enum Severity: String, Sendable {
    /// The file is refused.
    case error
    /// The file is used; somebody should look.
    case warning
  }

  /// Which mistake; `explanation` says more.
  public var code: DiagnosticCode
  /// The mistake in one line, without a full stop.
  public var message: String
  /// Where.
  public var span: SourceSpan
  /// The line of the list file whose name the span is; nil when the rules file itself is meant.
  public var listLine: Int?
  /// What stands under the underlined span: `expected a duration, found 5`.
  public var label: String
  /// How to put it right, where that is known.
  public var help: String?

  /// Whether it prevents the file from being used.
  public var severity: Severity { code.severity }
}
