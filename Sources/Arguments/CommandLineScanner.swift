import Spelling

/// Takes a command line apart by the declarations of a command: which sub-command, which options, which operands.
///
///     command line = { option | sub-command | operand } [ "--" { operand } ]
///     option       = "--" name [ "=" value ] | "--" name value | "--no-" flag | "-" letters [ value ]
///
/// A value in its own argument cannot start with a dash, unless it is a dash alone or a negative number, so that a
/// forgotten value is found out: write `--name=-value`. Letters may be flags in a row; the last may take a value,
/// right behind it or in the next argument.
struct CommandLineScanner<Action: Sendable> {
  /// From the program down to the command that was chosen.
  private(set) var path: [Command<Action>]
  /// The texts given for each option, by its name, in order.
  private(set) var texts: [String: [String]] = [:]
  private(set) var operands: [String] = []
  private var rest: ArraySlice<String>

  init(_ arguments: [String], root: Command<Action>) throws(UsageError) {
    path = [root]
    rest = arguments[...]
    var onlyOperands = false
    while let argument = rest.popFirst() {
      if onlyOperands || argument == "-" || Self.isNegativeNumber(argument) || !argument.hasPrefix("-") {
        try takeWord(argument)
      } else if argument == "--" {
        onlyOperands = true
      } else if argument.hasPrefix("--") {
        try takeLong(argument.dropFirst(2))
      } else {
        try takeShort(argument.dropFirst())
      }
    }
  }

  /// The options that hold where the scanner stands.
  var options: [any OptionDeclaration] { [configurationOption] + path.flatMap(\.options) }

  /// `gatehouse rules check`.
  var title: String { path.map(\.name).joined(separator: " ") }

  func failure(_ message: String, advice: String? = nil) -> UsageError {
    UsageError(command: title, message: message, advice: advice)
  }

  private mutating func takeWord(_ word: String) throws(UsageError) {
    guard let commands = path.last?.commands, !commands.isEmpty else {
      operands.append(word)
      return
    }
    guard let command = commands.first(where: { $0.name == word }) else {
      let names = commands.map(\.name)
      let advice = nearest(to: word, among: names).map { "Did you mean \($0)?" }
      throw failure(
        "there is no command \(word)", advice: advice ?? "The commands are \(names.joined(separator: ", "))")
    }
    path.append(command)
  }

  private mutating func takeLong(_ text: Substring) throws(UsageError) {
    let name = String(text.prefix { $0 != "=" })
    let attached = name.count < text.count ? String(text.dropFirst(name.count + 1)) : nil
    if let option = options.first(where: { $0.name == name }) {
      try take(option, as: "--" + name, attached: attached)
    } else if name.hasPrefix("no-"), attached == nil,
      let flag = options.first(where: { $0.isFlag && "no-" + $0.name == name })
    {
      texts[flag.name, default: []].append("no")
    } else {
      throw unknown(name)
    }
  }

  private func unknown(_ name: String) -> UsageError {
    let names = options.map(\.name) + ["help", "version"]
    if let guess = nearest(to: name, among: names) {
      return failure("there is no option --\(name)", advice: "Did you mean --\(guess)?")
    }
    return failure("there is no option --\(name)")
  }

  private mutating func takeShort(_ letters: Substring) throws(UsageError) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let option = options.first(where: { $0.abbreviation == letter }) else {
        throw failure("there is no option -\(letter)")
      }
      if option.isFlag {
        texts[option.name, default: []].append("yes")
      } else {
        let attached = letters.first == "=" ? letters.dropFirst() : letters
        try take(option, as: "-\(letter)", attached: letters.isEmpty ? nil : String(attached))
        return
      }
    }
  }

  private mutating func take(_ option: any OptionDeclaration, as spelling: String, attached: String?) throws(UsageError)
  {
    if option.isFlag {
      texts[option.name, default: []].append(attached ?? "yes")
      return
    }
    guard let value = attached ?? nextValue() else {
      throw failure(
        "\(spelling) needs a value", advice: "Write \(spelling) \(option.placeholder ?? "VALUE"): \(option.help)")
    }
    texts[option.name, default: []].append(value)
  }

  private mutating func nextValue() -> String? {
    guard let next = rest.first, next == "-" || !next.hasPrefix("-") || Self.isNegativeNumber(next) else { return nil }
    return rest.popFirst()
  }

  private static func isNegativeNumber(_ text: String) -> Bool {
    text.hasPrefix("-") && text.dropFirst().first?.isNumber == true
  }
}

/// The one option that every command has and no file can hold.
let configurationOption = Option<String?>("config", .file, help: "Read options from a file of lines name = value")
