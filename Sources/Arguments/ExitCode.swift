/// What a program tells the shell when it ends. Scripts rely on these: a program never gives one another meaning.
///
/// Deliberately few: `sysexits.h` has fifteen, which no script tells apart. A program adds its own from 3 on.
public struct ExitCode: Sendable, Hashable {
  public let rawValue: Int32

  public init(_ rawValue: Int32) { self.rawValue = rawValue }

  /// 0: it did what was asked.
  public static let ok = ExitCode(0)
  /// 1: it did not, or the answer is no.
  public static let failed = ExitCode(1)
  /// 2: the command line, the environment or the configuration file is wrong; nothing was started.
  public static let usage = ExitCode(2)

  /// What help says of a code.
  public struct Meaning: Sendable {
    public let code: ExitCode
    public let text: String

    public init(_ code: ExitCode, _ text: String) {
      self.code = code
      self.text = text
    }
  }

  /// The codes that every program has.
  public static let basic = [
    Meaning(.ok, "it did what was asked"),
    Meaning(.failed, "it did not, or the answer is no"),
    Meaning(.usage, "wrong command line, environment or configuration file; nothing was started"),
  ]
}
