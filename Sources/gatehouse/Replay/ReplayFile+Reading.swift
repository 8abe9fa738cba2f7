import Foundation

extension ReplayFile {
  /// The steps of a file, or of standard input for `-`, their placeholders replaced for this run.
  static func steps(at path: String) throws(CommandFailure) -> [ReplayStep] {
    let placeholders = Placeholders(run: String(UInt32.random(in: 0 ... .max), radix: 36), now: now)
    let text = try InputText.file(path)
    do {
      return try ReplayFile(text, placeholders: placeholders).steps
    } catch {
      throw CommandFailure("\(path):\(error.line): \(error.message)", advice: error.advice, exitCode: .usage)
    }
  }

  /// The system's clock in Unix milliseconds.
  static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
