/// What the shell, the environment and the disk give a program, as values: parsing touches nothing else.
public struct Invocation: Sendable {
  /// Without the program's own name.
  public let arguments: [String]
  public let environment: [String: String]
  /// Columns that help may fill.
  public let width: Int
  /// How help is dressed.
  public let style: Style
  /// The text of the file named by `--config`; whatever it throws is shown to the user.
  public let readFile: @Sendable (String) throws -> String

  public init(
    arguments: [String], environment: [String: String], width: Int = 80, style: Style = .plain,
    readFile: @escaping @Sendable (String) throws -> String
  ) {
    self.arguments = arguments
    self.environment = environment
    self.width = width
    self.style = style
    self.readFile = readFile
  }
}
