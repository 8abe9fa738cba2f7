import Arguments
import ProtoJSON
import Rules
import Spelling

/// `gatehouse rules explain [CODE]`
enum RulesExplainCommand {
  static let code = Operand<String?>(
    optional: "CODE", .string.named("CODE"), help: "As gatehouse rules check prints it; absent: every code")

  static let command = Command<CommandAction>(
    "explain", "Say what an error or warning in rules means, and its remedy",
    discussion: "With --json every code is one object: code, severity, explanation.",
    examples: [
      Example("gatehouse rules explain E0025", "One code"),
      Example("gatehouse rules explain", "All of them"),
    ],
    options: [GatehouseProgram.json], operands: [code], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let codes = try arguments[code].map { text throws(CommandFailure) in [try named(text)] } ?? DiagnosticCode.allCases
    for code in codes {
      try console.print(arguments[GatehouseProgram.json] ? json(code).text : text(code, console.data))
    }
    return .ok
  }

  static func named(_ text: String) throws(CommandFailure) -> DiagnosticCode {
    if let code = DiagnosticCode(text) { return code }
    let guess = nearest(to: text.uppercased(), among: DiagnosticCode.allCases.map(\.rawValue))
    throw CommandFailure(
      "there is no code \(text)", advice: guess.map { "Did you mean \($0)?" } ?? "See gatehouse rules explain",
      exitCode: .usage)
  }

  private static func text(_ code: DiagnosticCode, _ style: Style) -> String {
    "\(style.bold("\(code.severity.rawValue)[\(code.rawValue)]")): \(code.explanation)"
  }

  private static func json(_ code: DiagnosticCode) -> JSONValue {
    .object([
      .init("code", .string(code.rawValue)), .init("severity", .string(code.severity.rawValue)),
      .init("explanation", .string(code.explanation)),
    ])
  }
}
