/// What `--help` prints: what it does, examples first, then usage, commands, operands, options, exit codes.
struct HelpText<Action: Sendable>: CustomStringConvertible {
  let program: Program<Action>
  /// From the program down to the command that help is for.
  let path: [Command<Action>]
  let width: Int
  let style: Style

  /// A longer term has a line of its own.
  private static var maximumTermColumns: Int { 28 }

  var description: String {
    guard let command = path.last else { return "" }
    var sections = ["\(style.bold(title)): \(command.summary)"]
    sections += command.examples.isEmpty ? [] : [examples(command)]
    sections.append(section("Usage", ["  " + usage(command)]))
    for paragraph in command.discussion.split(separator: "\n\n") {
      sections.append(wrapped(String(paragraph), width: width).joined(separator: "\n"))
    }
    sections += list("Commands", command.commands.map { ($0.name, $0.summary) })
    sections += list("Arguments", command.operands.map { ($0.name, $0.help) })
    sections += list("Options", options.map(row))
    sections += precedence
    sections += list("Exit codes", (program.exitCodes + command.exitCodes).map { (String($0.code.rawValue), $0.text) })
    return sections.joined(separator: "\n\n")
  }

  private var title: String { path.map(\.name).joined(separator: " ") }

  private var options: [any OptionDeclaration] { path.reversed().flatMap(\.options) + [configurationOption] }

  private func examples(_ command: Command<Action>) -> String {
    section(
      "Examples",
      command.examples.flatMap { example in
        ["  " + example.commandLine]
          + wrapped(example.explanation, width: width - 6).map { "      " + style.dim($0) }
      })
  }

  private func usage(_ command: Command<Action>) -> String {
    let words = command.commands.isEmpty ? command.operands.map(\.usage) : ["COMMAND"]
    return ([title] + words + ["[OPTIONS]"]).joined(separator: " ")
  }

  private func row(_ option: any OptionDeclaration) -> (String, String) {
    let short = option.abbreviation.map { "-\($0), " } ?? "    "
    let value = option.placeholder.map { " " + $0 } ?? ""
    var notes: [String] = option.isList ? ["may be repeated"] : []
    notes += option.defaultText.map { ["default \($0)"] } ?? []
    let note = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    return ("\(short)--\(option.name)\(value)", option.help + note)
  }

  /// Where else options may be given; nothing when there is none but `--config`.
  private var precedence: [String] {
    guard let example = options.first(where: { $0.name != configurationOption.name }) else { return [] }
    let text =
      "Every option can also be set in the environment (--\(example.name) as "
      + "\(example.variable(prefix: program.variablePrefix))) or in the file named by --config (\(example.name) = ...). "
      + "The command line wins over the environment, the environment over the file."
    return [wrapped(text, width: width).joined(separator: "\n")]
  }

  /// Terms in one column, explanations in the next; no section when there is nothing to list.
  private func list(_ heading: String, _ rows: [(term: String, text: String)]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let column = (rows.map(\.term.count).filter { $0 <= Self.maximumTermColumns }.max() ?? 0) + 4
    let indent = String(repeating: " ", count: column)
    let lines = rows.flatMap { row -> [String] in
      let term = "  " + row.term
      let text = wrapped(row.text, width: max(width - column, 20))
      if term.count + 2 > column { return [term] + text.map { indent + $0 } }
      let padding = String(repeating: " ", count: column - term.count)
      return [term + padding + (text.first ?? "")] + text.dropFirst().map { indent + $0 }
    }
    return [section(heading, lines)]
  }

  private func section(_ heading: String, _ lines: [String]) -> String {
    ([style.bold(heading)] + lines).joined(separator: "\n")
  }
}
