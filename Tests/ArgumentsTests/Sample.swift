import Arguments

/// A small program with every kind of declaration; its actions are names.
enum Sample {
  enum Level: String, CaseIterable, Sendable { case buffered, written, durable }

  static let json = Option(flag: "json", short: "j", help: "Print JSON")
  static let quiet = Option(flag: "quiet", short: "q", help: "Say less")
  static let listen = Option<[Place]>(
    list: "listen", Place.type, default: places("localhost:7400"), short: "l", help: "Where to listen")
  static let queues = Option<Int>("io-queues", .integer(in: 1...64), default: 1, short: "i", help: "I/O queues")
  static let timeout = Option<Duration>("timeout", .duration, default: .seconds(5), help: "Longest wait")
  static let data = Option<String?>("data", .directory, help: "Where the log lives; absent means no log")
  static let level = Option<Level>("durability", .choice, default: .written, help: "When to answer")
  static let offset = Option<Int>("offset", .integer(in: -100...100), default: 0, help: "An offset")

  static let file = Operand("FILE", .file, help: "The file to read")
  static let other = Operand<String?>(optional: "OTHER", .file, help: "Another file")
  static let words = Operand<[String]>(rest: "WORD", .string, minimum: 1, help: "Words")

  static let serve = Command(
    "serve", "Start the server", discussion: "First paragraph.\n\nSecond paragraph.",
    examples: [Example("gate serve --listen a:7400", "Serve everybody")],
    options: [listen, queues, timeout, data, level], exitCodes: [ExitCode.Meaning(ExitCode(130), "interrupted")],
    action: "serve")
  static let compare = Command(
    "compare", "Compare files", options: [offset], operands: [file, other], action: "compare")
  static let say = Command("say", "Say words", operands: [words], action: "say")
  static let rules = Command("rules", "Work on rules", commands: [compare, say])

  static let program = Program(
    root: Command("gate", "A sample", options: [json, quiet], commands: [serve, rules]), version: "1.2.3",
    variablePrefix: "GATE")

  static func places(_ texts: String...) -> [Place] { texts.compactMap { Place($0) } }

  /// Reads a command line as a shell would split it at blanks.
  static func read(
    _ line: String, environment: [String: String] = [:], files: [String: String] = [:], width: Int = 80,
    style: Style = .plain
  ) throws(UsageError) -> Program<String>.Request {
    try program.read(
      Invocation(
        arguments: line.split(separator: " ").map(String.init), environment: environment, width: width, style: style,
        readFile: { path in
          guard let text = files[path] else { throw MissingFile() }
          return text
        }))
  }

  struct MissingFile: Error, CustomStringConvertible {
    var description: String { "no such file" }
  }

  /// The arguments of a line that runs something.
  static func run(
    _ line: String, environment: [String: String] = [:], files: [String: String] = [:]
  ) throws -> (action: String, arguments: ParsedArguments) {
    switch try read(line, environment: environment, files: files) {
    case .run(let action, let arguments): return (action, arguments)
    case .text(let text): throw UnexpectedText(text: text)
    }
  }

  struct UnexpectedText: Error { let text: String }

  /// What is wrong with a line; nil when nothing is.
  static func failure(
    _ line: String, environment: [String: String] = [:], files: [String: String] = [:]
  ) -> UsageError? {
    do throws(UsageError) {
      _ = try read(line, environment: environment, files: files)
      return nil
    } catch {
      return error
    }
  }
}
