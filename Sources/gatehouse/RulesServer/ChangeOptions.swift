import Arguments
import Foundation

/// Who changes a server's rules, and why: what its log will tell.
enum ChangeOptions {
  static let author = Option<String?>("author", .string.named("NAME"), help: "Who asks; absent: who runs this")
  static let comment = Option<String?>("comment", .string.named("TEXT"), short: "m", help: "Why, for the log")

  static let all: [any OptionDeclaration] = [author, comment]

  /// The name given, or the one that the system knows the user by.
  static func author(_ arguments: ParsedArguments) -> String { arguments[author] ?? NSUserName() }
}
