import Arguments
import Foundation
import ProtoJSON
import Rules

/// `gatehouse rules format RULES`
enum RulesFormatCommand {
  static let check = Option(flag: "check", help: "Print nothing; exit with 1 if the file is not formatted")
  static let write = Option(flag: "write", help: "Put the formatted text in the file's place")
  static let source = Operand("RULES", .file, help: "The rules file; - is standard input")

  static let command = Command<CommandAction>(
    "format", "Lay a rules file out in the one way",
    discussion: """
      Comments stay where they belong, and the rules' version stays the same. Exits with 1 when the file has an error \
      in its syntax, and nothing is written then; with --check also when the file is not formatted. With --json the \
      answer is one object: file, changed, text; or the errors, as check prints them.
      """,
    examples: [
      Example("gatehouse rules format trade.rules", "Print the formatted text"),
      Example("gatehouse rules format --write trade.rules", "Format the file in place"),
      Example("gatehouse rules format --check trade.rules", "For scripts: is it formatted?"),
    ],
    options: [check, write, GatehouseProgram.json], operands: [source], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let (path, isChecked, isWritten) = (arguments[source], arguments[check], arguments[write])
    if isWritten, isChecked || path == "-" {
      let reason = isChecked ? "--check writes nothing" : "standard input cannot be written"
      throw CommandFailure("--write: \(reason)", advice: "Give one of --check and --write FILE", exitCode: .usage)
    }
    let file = SourceFile(name: path, text: try InputText.file(path))
    let formatted = RuleFormatter.format(file)
    guard let text = formatted.text else {
      try RulesCommand.show(formatted.diagnostics, of: file, arguments, console)
      return .failed
    }
    let isChanged = Array(text.utf8) != file.bytes
    if isWritten, isChanged { try replace(path, with: text) }
    if arguments[GatehouseProgram.json] {
      try console.print(json(path, isChanged, text).text)
    } else if !isWritten, !isChecked, !text.isEmpty {
      // The line that `print` ends is the text's last.
      try console.print(String(text.dropLast()))
    }
    if isWritten || isChecked { console.say(verdict(path, isChanged: isChanged, isWritten: isWritten)) }
    return isChecked && isChanged ? .failed : .ok
  }

  private static func verdict(_ path: String, isChanged: Bool, isWritten: Bool) -> String {
    guard isChanged else { return "\(path): formatted already" }
    return isWritten ? "\(path): formatted" : "\(path): not formatted; see gatehouse rules format --write"
  }

  private static func json(_ path: String, _ isChanged: Bool, _ text: String) -> JSONValue {
    .object([.init("file", .string(path)), .init("changed", .bool(isChanged)), .init("text", .string(text))])
  }

  /// Whoever reads the file meanwhile sees the old text or the new, never half of one.
  private static func replace(_ path: String, with text: String) throws(CommandFailure) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path).resolvingSymlinksInPath(), options: .atomic)
    } catch {
      throw CommandFailure("\(path) cannot be written: \(error.localizedDescription)")
    }
  }
}
