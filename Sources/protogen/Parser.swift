/// Reads a .proto file of the proto3 language; all that is not needed here is read over, all that is not proto3 refused.
///
/// Source: protobuf.dev, "Protocol Buffers Version 3 Language Specification".
struct Parser {
  private let tokens: [Token]
  private var index = 0
  private(set) var file: ProtoFile

  private init(_ text: String, name: String) throws(Diagnostic) {
    tokens = try Lexer.tokens(of: text)
    file = ProtoFile(name: name, text: text)
  }

  /// The file with every name resolved and every rule checked.
  ///
  /// Errors: the first mistake, with its line and column.
  static func parse(_ text: String, name: String) throws(Diagnostic) -> ProtoFile {
    var parser = try Parser(text, name: name)
    try parser.parseFile()
    return try Resolver.resolve(parser.file)
  }

  // MARK: Tokens

  var token: Token { tokens[index] }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  func unexpected(_ wanted: String) -> Diagnostic {
    Diagnostic("expected \(wanted), found \(token.spelling)", at: token.position)
  }

  func isAt(_ symbol: Character) -> Bool { token.kind == .symbol(symbol) }

  mutating func take(_ symbol: Character) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func take(word: String) -> Bool {
    guard token.kind == .identifier(word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: Character) throws(Diagnostic) {
    guard take(symbol) else { throw unexpected("'\(symbol)'") }
  }

  mutating func expect(word: String) throws(Diagnostic) {
    guard take(word: word) else { throw unexpected("'\(word)'") }
  }

  mutating func identifier(_ wanted: String) throws(Diagnostic) -> String {
    guard case .identifier(let name) = token.kind else { throw unexpected(wanted) }
    advance()
    return name
  }

  mutating func string() throws(Diagnostic) -> String {
    guard case .string(let text) = token.kind else { throw unexpected("a string") }
    advance()
    return text
  }

  /// A whole number from -2^63 to 2^63 - 1.
  mutating func integer(_ wanted: String) throws(Diagnostic) -> Int {
    let isNegative = take("-")
    guard case .integer(let value) = token.kind, let magnitude = Int(exactly: value) else { throw unexpected(wanted) }
    advance()
    return isNegative ? -magnitude : magnitude
  }

  /// A name with dots, perhaps with one before it.
  mutating func dottedName(_ wanted: String) throws(Diagnostic) -> String {
    var name = take(".") ? "." : ""
    name += try identifier(wanted)
    while take(".") { name += "." + (try identifier("a name after the dot")) }
    return name
  }

  // MARK: The file

  private mutating func parseFile() throws(Diagnostic) {
    try expect(word: "syntax")
    try expect("=")
    guard try string() == "proto3" else { throw Diagnostic("only proto3 is understood", at: token.position) }
    try expect(";")
    while token.kind != .end { try parseStatement() }
  }

  private mutating func parseStatement() throws(Diagnostic) {
    let comment = token.comment
    if take(";") { return }
    switch try identifier("a declaration") {
    case "import": try parseImport()
    case "package":
      file.package = try dottedName("the package's name")
      try expect(";")
    case "option": _ = try option()
    case "message": file.messages.append(try message(comment, in: file.package))
    case "enum": file.enumerations.append(try enumeration(comment, in: file.package))
    case "service": file.services.append(try service(comment))
    case "extend": try skipExtend()
    case let word: throw Diagnostic("'\(word)' begins no declaration", at: tokens[index - 1].position)
    }
  }

  private mutating func parseImport() throws(Diagnostic) {
    _ = take(word: "public")
    let position = token.position
    let path = try string()
    guard path == "google/protobuf/descriptor.proto" else {
      throw Diagnostic("'\(path)' cannot be imported: only google/protobuf/descriptor.proto is tolerated", at: position)
    }
    try expect(";")
  }

  /// Extensions are proto3's way to declare options; what an option means here is fixed, so they are read over.
  private mutating func skipExtend() throws(Diagnostic) {
    _ = try dottedName("what is extended")
    try skipBlock()
  }

  /// Reads over a block in braces.
  mutating func skipBlock() throws(Diagnostic) {
    let start = token.position
    try expect("{")
    var depth = 1
    while depth > 0 {
      guard token.kind != .end else { throw Diagnostic("the block that begins here does not end", at: start) }
      if isAt("{") { depth += 1 }
      if isAt("}") { depth -= 1 }
      advance()
    }
  }
}
