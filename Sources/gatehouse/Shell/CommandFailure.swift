import Arguments

/// Why a command ends without having done what was asked; what the user reads and the shell gets.
struct CommandFailure: Error, Equatable {
  let message: String
  /// What to do about it, where that is known.
  let advice: String?
  let exitCode: ExitCode

  init(_ message: String, advice: String? = nil, exitCode: ExitCode = .failed) {
    self.message = message
    self.advice = advice
    self.exitCode = exitCode
  }

  /// One line, or two with the advice.
  var text: String { "gatehouse: \(message)" + (advice.map { "\n  \($0)" } ?? "") }
}

extension ExitCode {
  /// 3: the server could not be reached or did not answer in time: trying again may help.
  static let unavailable = ExitCode(3)
}
