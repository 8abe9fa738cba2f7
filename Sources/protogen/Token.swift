/// A word of a .proto file.
struct Token: Equatable {
  enum Kind: Equatable {
    case identifier(String)
    case integer(UInt64)
    case float
    case string(String)
    case symbol(Character)
    case end
  }

  let kind: Kind
  let position: Position

  /// The comment that stands right above it, line by line.
  let comment: [String]

  /// How it is named in an error.
  var spelling: String {
    switch kind {
    case .identifier(let name): "'\(name)'"
    case .integer(let value): "'\(value)'"
    case .float: "a floating-point number"
    case .string: "a string"
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end of the file"
    }
  }
}
