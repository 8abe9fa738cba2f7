import Arguments

extension ExitCode {
  /// 3: a `--fail-if` bound was crossed, or a comparison found something worse.
  public static let threshold = ExitCode(3)
  /// 4: the run was made, but its figures must not be believed.
  public static let invalid = ExitCode(4)

  /// What help says of the harness's codes.
  static let bench =
    ExitCode.basic + [
      Meaning(.threshold, "a --fail-if bound was crossed, or B is worse than A"),
      Meaning(
        .invalid, "not valid: the harness could not keep the rate, calls went unanswered, or A and B differ in shape"),
    ]
}
