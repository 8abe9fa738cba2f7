/// Why a .proto file cannot be turned into Swift.
struct Diagnostic: Error, Equatable, CustomStringConvertible {
  let position: Position
  let message: String

  init(_ message: String, at position: Position) {
    self.message = message
    self.position = position
  }

  /// `line:column: error: message`, to stand behind the file's name.
  var description: String { "\(position.line):\(position.column): error: \(message)" }
}
