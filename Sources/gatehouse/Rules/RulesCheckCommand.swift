import Arguments
import ProtoJSON
import Rules

/// `gatehouse rules check RULES`
enum RulesCheckCommand {
  static let source = Operand(
    "RULES", .file, help: "The rules file, with its list files beside it; - is standard input, with them in this folder"
  )

  static let command = Command<CommandAction>(
    "check", "Tell everything that is wrong in a rules file",
    discussion: """
      Exits with 0 when a server would take the file, with 1 when it has an error; warnings do not count. With --json \
      every diagnostic is one object: code, severity, message, file, line, column, label, help.
      """,
    examples: [
      Example("gatehouse rules check deploy/rules/trade.rules", "For people"),
      Example("git show HEAD:trade.rules | gatehouse rules check -", "From standard input"),
      Example("gatehouse rules check trade.rules --json | jq -r .message", "For programs"),
    ],
    options: [GatehouseProgram.json], operands: [source], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let path = arguments[source]
    let compilation = try path == "-" ? RulesCommand.compileStandardInput() : RulesCommand.compile(path)
    for diagnostic in compilation.diagnostics {
      let file = compilation.file
      try console.print(
        arguments[GatehouseProgram.json] ? diagnostic.json(in: file).text : diagnostic.rendered(in: file) + "\n")
    }
    console.say(summary(compilation, console.messages))
    return compilation.ruleSet == nil ? .failed : .ok
  }

  /// `trade.rules: version 0123456789abcdef, 9 rules over 7 counters, no errors`
  static func summary(_ compilation: Compilation, _ style: Style) -> String {
    let errors = compilation.diagnostics.count { $0.severity == .error }
    let warnings = compilation.diagnostics.count - errors
    let more = warnings == 0 ? "" : ", \(count(warnings, "warning"))"
    guard let rules = compilation.ruleSet else {
      return "\(compilation.file.name): \(style.red(count(errors, "error")))\(more)"
    }
    let version = rules.version.prefix(RulesCommand.versionDigits)
    let content =
      "version \(version), \(count(rules.rules.count, "rule")) over \(count(rules.counters.count, "counter"))"
    return "\(compilation.file.name): \(content), \(style.green("no errors"))\(more)"
  }

  private static func count(_ number: Int, _ noun: String) -> String { Quantity.of(number, noun, noun + "s") }
}
