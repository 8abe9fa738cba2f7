/// A command-line program: its commands, its version, and how what the user gives becomes values.
///
///     switch try program.read(invocation) {
///     case .run(let action, let arguments): try await action(arguments)
///     case .text(let text): print(text)
///     }
///
/// Pure: reading an invocation looks at nothing but the invocation.
public struct Program<Action: Sendable>: Sendable {
  public let root: Command<Action>
  public let version: String
  /// What starts the name of every variable: `GATEHOUSE`.
  public let variablePrefix: String
  /// What help says of the codes it ends with.
  public let exitCodes: [ExitCode.Meaning]

  public init(
    root: Command<Action>, version: String, variablePrefix: String, exitCodes: [ExitCode.Meaning] = ExitCode.basic
  ) {
    self.root = root
    self.version = version
    self.variablePrefix = variablePrefix
    self.exitCodes = exitCodes
  }

  /// What a user asked for.
  public enum Request: Sendable {
    /// A command and its values.
    case run(Action, ParsedArguments)
    /// Help or the version, to be printed on standard output.
    case text(String)
  }

  /// Reads what the user gave. `--help` anywhere before `--` wins over everything that may be wrong.
  public func read(_ invocation: Invocation) throws(UsageError) -> Request {
    let arguments = invocation.arguments
    let options = arguments.prefix { $0 != "--" }
    if options.contains("--help") || options.contains("-h") || arguments.first == "help" {
      return .text(help(for: arguments.first == "help" ? arguments.dropFirst() : options, invocation))
    }
    if arguments == ["--version"] { return .text("\(root.name) \(version)") }

    let scanner = try CommandLineScanner(arguments, root: root)
    guard let command = scanner.path.last, case .action(let action, let operands) = command.body else {
      let names = scanner.path.last?.commands.map(\.name) ?? []
      throw scanner.failure("say which command", advice: "The commands are \(names.joined(separator: ", "))")
    }
    return .run(
      action,
      ParsedArguments(
        options: try optionValues(scanner, invocation),
        operands: try operandValues(scanner, operands)))
  }

  private func help(for words: ArraySlice<String>, _ invocation: Invocation) -> String {
    var path = [root]
    for word in words {
      if let command = path.last?.commands.first(where: { $0.name == word }) { path.append(command) }
    }
    return HelpText(program: self, path: path, width: invocation.width, style: invocation.style).description
  }
}
