extension Program {
  /// What is wrong with the declarations themselves, for a test of every program to find empty: a name that stands twice
  /// where both would be understood, is not lower-case with dashes, or is one that every program has; a letter that stands
  /// twice; an operand behind one that may be absent or takes all that is left.
  public var inconsistencies: [String] { inconsistencies(of: [root]) }

  private func inconsistencies(of path: [Command<Action>]) -> [String] {
    guard let command = path.last else { return [] }
    let title = path.map(\.name).joined(separator: " ")
    let options = path.flatMap(\.options)
    var found = repeated(options.map(\.name) + ["help", "version", "config"]).map { "--\($0) stands twice" }
    found += repeated(options.compactMap(\.abbreviation).map(String.init) + ["h"]).map { "-\($0) stands twice" }
    found += repeated(command.commands.map(\.name) + ["help"]).map { "the command \($0) stands twice" }
    found += command.options.map(\.name).filter { !isWellFormed($0) }.map { "--\($0) is not lower-case with dashes" }
    found += command.operands.dropLast().filter { $0.maximumCount > 1 }.map { "nothing can follow \($0.name)" }
    found += zip(command.operands, command.operands.dropFirst())
      .filter { $0.minimumCount == 0 && $1.minimumCount > 0 }.map { "\($1.name) must be given behind \($0.name)" }
    return found.map { "\(title): \($0)" } + command.commands.flatMap { inconsistencies(of: path + [$0]) }
  }

  private func isWellFormed(_ name: String) -> Bool {
    name.first?.isLetter == true && !name.hasPrefix("no-") && !name.hasSuffix("-")
      && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
  }

  private func repeated(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}
