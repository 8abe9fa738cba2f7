/// A program, or a command of one, declared as a value.
///
///     let name = Operand("NAME", .string, help: "Whom to greet")
///     let loud = Option(flag: "loud", help: "Use capitals")
///     let greet = Command("greet", "Greet somebody", examples: [Example("hello greet Ann --loud", "Shout at Ann")],
///       options: [loud], operands: [name]) { arguments in … }
///     let hello = Command("hello", "Greetings", options: [], commands: [greet])
///
/// `Action` is what the owner wants back for the command that was chosen, as a rule a function of the arguments. The
/// options of a command hold for all its sub-commands too, wherever they stand on the command line.
public struct Command<Action: Sendable>: Sendable {
  public let name: String
  /// One line without a full stop, for lists of commands.
  public let summary: String
  /// What else help says, as paragraphs.
  public let discussion: String
  public let examples: [Example]
  public let options: [any OptionDeclaration]
  /// What help says of the codes that only this command ends with, besides the program's.
  public let exitCodes: [ExitCode.Meaning]
  let body: Body

  enum Body: Sendable {
    case group([Command])
    case action(Action, [any OperandDeclaration])
  }

  /// A command that does something.
  public init(
    _ name: String, _ summary: String, discussion: String = "", examples: [Example] = [],
    options: [any OptionDeclaration] = [], operands: [any OperandDeclaration] = [],
    exitCodes: [ExitCode.Meaning] = [], action: Action
  ) {
    self.init(name, summary, discussion, examples, options, exitCodes, .action(action, operands))
  }

  /// A command that only has sub-commands.
  public init(
    _ name: String, _ summary: String, discussion: String = "", examples: [Example] = [],
    options: [any OptionDeclaration] = [], commands: [Command]
  ) {
    self.init(name, summary, discussion, examples, options, [], .group(commands))
  }

  private init(
    _ name: String, _ summary: String, _ discussion: String, _ examples: [Example],
    _ options: [any OptionDeclaration], _ exitCodes: [ExitCode.Meaning], _ body: Body
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.options = options
    self.exitCodes = exitCodes
    self.body = body
  }

  /// The sub-commands; none for a command that does something itself.
  public var commands: [Command] {
    if case .group(let commands) = body { commands } else { [] }
  }

  var operands: [any OperandDeclaration] {
    if case .action(_, let operands) = body { operands } else { [] }
  }

  /// The names of the options of this command and everything below it: what one configuration file may hold.
  var allOptionNames: [String] { options.map(\.name) + commands.flatMap(\.allOptionNames) }

  /// The names of the options of this command and everything below it that are lists.
  var allListNames: [String] { options.filter(\.isList).map(\.name) + commands.flatMap(\.allListNames) }
}
