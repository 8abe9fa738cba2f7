/// Cuts a .proto file into tokens.
///
/// Source: protobuf.dev, "Protocol Buffers Version 3 Language Specification", "Lexical Elements".
struct Lexer {
  private let characters: [Character]
  private var index = 0
  private var position = Position()
  private var comment: [String] = []
  private var lineOfLastToken = 0

  init(_ text: String) {
    characters = Array(text)
  }

  /// All tokens of the file, `end` last.
  static func tokens(of text: String) throws(Diagnostic) -> [Token] {
    var lexer = Lexer(text)
    var tokens: [Token] = []
    repeat {
      tokens.append(try lexer.next())
    } while tokens.last?.kind != .end
    return tokens
  }

  private var current: Character? { index < characters.count ? characters[index] : nil }

  private var following: Character? { index + 1 < characters.count ? characters[index + 1] : nil }

  private mutating func advance() {
    if current?.isNewline == true {
      position = Position(line: position.line + 1, column: 1)
    } else {
      position.column += 1
    }
    index += 1
  }

  private mutating func next() throws(Diagnostic) -> Token {
    try skipSpaceAndComments()
    let start = position
    let kind = try kind()
    defer {
      comment = []
      lineOfLastToken = position.line
    }
    return Token(kind: kind, position: start, comment: comment)
  }

  private mutating func kind() throws(Diagnostic) -> Token.Kind {
    guard let first = current else { return .end }
    if first.isIdentifierHead { return .identifier(take { $0.isIdentifierHead || $0.isASCIIDigit }) }
    if first.isASCIIDigit || (first == "." && following?.isASCIIDigit == true) { return try number() }
    if first == "\"" || first == "'" { return try string(quote: first) }
    guard "{}[]()<>=;,.-+:/".contains(first) else {
      throw Diagnostic("unexpected character '\(first)'", at: position)
    }
    advance()
    return .symbol(first)
  }

  private mutating func take(while isPart: (Character) -> Bool) -> String {
    var text = ""
    while let character = current, isPart(character) {
      text.append(character)
      advance()
    }
    return text
  }

  // MARK: Literals

  private mutating func number() throws(Diagnostic) -> Token.Kind {
    let start = position
    let text = take { $0.isIdentifierHead || $0.isASCIIDigit || $0 == "." }
    if text.contains(".") || (!text.hasPrefix("0x") && text.lowercased().contains("e")) {
      if text.lowercased().hasSuffix("e") {
        // The exponent's sign and digits.
        _ = take { $0 == "+" || $0 == "-" || $0.isASCIIDigit }
      }
      return .float
    }
    let lowered = text.lowercased()
    let value =
      if lowered.hasPrefix("0x") { UInt64(lowered.dropFirst(2), radix: 16) } else if lowered.hasPrefix("0") {
        UInt64(lowered, radix: 8)
      } else { UInt64(lowered) }
    guard let value else { throw Diagnostic("'\(text)' is no number", at: start) }
    return .integer(value)
  }

  private mutating func string(quote: Character) throws(Diagnostic) -> Token.Kind {
    let start = position
    advance()
    var text = ""
    while let character = current, character != quote {
      guard !character.isNewline else { break }
      if character == "\\" {
        advance()
        guard let escaped = current else { break }
        text.append(["n": "\n", "t": "\t", "r": "\r"][escaped] ?? escaped)
      } else {
        text.append(character)
      }
      advance()
    }
    guard current == quote else { throw Diagnostic("the string does not end on its line", at: start) }
    advance()
    return .string(text)
  }

  // MARK: Comments

  /// Keeps the comment that ends on the line above the next token. One that shares its line with what stands before it
  /// belongs to that, and is not kept.
  private mutating func skipSpaceAndComments() throws(Diagnostic) {
    var newlines = 0
    while let character = current {
      if character.isNewline {
        newlines += 1
        if newlines > 1 { comment = [] }
        advance()
      } else if character.isWhitespace {
        advance()
      } else if character == "/", following == "/" {
        newlines = 0
        keep(lineComment())
      } else if character == "/", following == "*" {
        newlines = 0
        for line in try blockComment() { keep(line) }
      } else {
        return
      }
    }
  }

  private mutating func keep(_ line: (text: String, number: Int)) {
    if line.number != lineOfLastToken { comment.append(line.text) }
  }

  private mutating func lineComment() -> (text: String, number: Int) {
    let line = position.line
    advance()
    advance()
    let text = take { !$0.isNewline }
    return (text.hasPrefix(" ") ? String(text.dropFirst()) : text, line)
  }

  private mutating func blockComment() throws(Diagnostic) -> [(text: String, number: Int)] {
    let start = position
    advance()
    advance()
    var text = ""
    while let character = current, !(character == "*" && following == "/") {
      text.append(character)
      advance()
    }
    guard current != nil else { throw Diagnostic("the comment does not end", at: start) }
    advance()
    advance()
    return text.split(separator: "\n").map { line in
      let trimmed = line.drop { $0 == " " || $0 == "*" }
      return (String(trimmed), start.line)
    }
  }
}

extension Character {
  var isIdentifierHead: Bool { isASCII && (isLetter || self == "_") }
  var isASCIIDigit: Bool { isASCII && isNumber }
}
