/// Splits a rules file into tokens in one pass, linear in its size, and reports what is none.
struct Lexer {
  private let bytes: [UInt8]
  private var offset: Int
  private var startsLine = true
  private(set) var tokens: [Token] = []
  private(set) var comments: [SourceSpan] = []
  private(set) var diagnostics = DiagnosticList()

  /// The tokens of `file`, ended by `endOfFile`.
  static func tokens(of file: SourceFile) -> Lexer {
    tokens(of: file, in: SourceSpan(0, file.bytes.count))
  }

  /// The tokens of a part of `file`, with their places in the whole.
  static func tokens(of file: SourceFile, in span: SourceSpan) -> Lexer {
    var lexer = Lexer(bytes: Array(file.bytes[..<span.end]), offset: span.start)
    lexer.run()
    return lexer
  }

  private init(bytes: [UInt8], offset: Int) { (self.bytes, self.offset) = (bytes, offset) }

  private mutating func run() {
    while offset < bytes.count, !diagnostics.isFull {
      switch bytes[offset] {
      case UInt8(ascii: "\n"):
        startsLine = true
        offset += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
      case UInt8(ascii: "#"):
        let start = offset
        skip { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        comments.append(SourceSpan(start, offset))
      case UInt8(ascii: "\""): readText()
      case UInt8(ascii: "'"): readSingleQuotes()
      case let byte where byte.isDigit: readNumber()
      case let byte where byte.isWordStart: readWord()
      default: readMark()
      }
    }
    append(.endOfFile, from: bytes.count)
  }

  private mutating func append(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: SourceSpan(start, offset), startsLine: startsLine))
    startsLine = false
  }

  private mutating func skip(while condition: (UInt8) -> Bool) {
    while offset < bytes.count, condition(bytes[offset]) { offset += 1 }
  }

  private func peek(_ distance: Int) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  /// The character that begins at `offset`, nil at the end.
  private func scalar(at offset: Int) -> Unicode.Scalar? {
    String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
  }

  private mutating func readWord() {
    let start = offset
    skip { $0.isWord }
    while peek(0) == UInt8(ascii: "."), peek(1).isWord || peek(1) == UInt8(ascii: "*") {
      offset += 1
      if bytes[offset] == UInt8(ascii: "*") { offset += 1 } else { skip { $0.isWord } }
    }
    if peek(0) >= 0x80, scalar(at: offset)?.properties.isAlphabetic == true { return readForeignWord(from: start) }
    append(.word, from: start)
  }

  /// A word with letters that are none of the language's is one mistake.
  private mutating func readForeignWord(from start: Int) {
    while let scalar = scalar(at: offset), scalar == "_" || scalar.properties.isAlphabetic || bytes[offset].isDigit {
      offset += scalar.utf8.count
    }
    let span = SourceSpan(start, offset)
    let word = String(decoding: bytes[start..<min(offset, start + Limits.maxNameBytes)], as: UTF8.self)
    diagnostics.report(
      .malformedName, "`\(word)` is no name", span, "names are lower-case letters, digits and underscores")
    append(.invalid, from: start)
  }

  /// Digits and everything glued to them: the parser knows which forms make sense where.
  private mutating func readNumber() {
    let start = offset
    while true {
      skip { $0.isWord || $0 == UInt8(ascii: "%") }
      let next = peek(0)
      if next == UInt8(ascii: ".") || next == UInt8(ascii: ":"), peek(1).isDigit {
        offset += 1
        continue
      }
      if next == UInt8(ascii: "-"), isDate(from: start), peek(1).isDigit {
        offset += 1
        continue
      }
      if next == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "h"), !peek(2).isWord,
        bytes[offset - 1] != UInt8(ascii: "%"),
        bytes[offset - 1].isLetter
      {
        offset += 2
      }
      break
    }
    append(.number, from: start)
  }

  /// `2026`, `2026-01` are followed by more of a date; `30-5` is a difference.
  private func isDate(from start: Int) -> Bool {
    let length = offset - start
    guard length == 4 || length == 7, bytes[start..<start + 4].allSatisfy(\.isDigit) else { return false }
    return (1...2).allSatisfy { peek($0).isDigit } && !peek(3).isWord
  }

  private mutating func readText() {
    let start = offset
    offset += 1
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
      let byte = bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "\"") { return finishText(from: start) }
      if byte == UInt8(ascii: "\\"), offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    }
    diagnostics.report(
      .unterminatedText, "a text is not closed", SourceSpan(start, offset), "expected \" before the end of the line",
      help: "texts stand between double quotes on one line; write \\\" for a quote inside")
    append(.invalid, from: start)
  }

  private mutating func finishText(from start: Int) {
    if offset - start - 2 > Limits.maxTextBytes {
      diagnostics.report(
        .tooLong, "a text of \(offset - start - 2) bytes", SourceSpan(start, offset),
        "at most \(Limits.maxTextBytes) bytes")
      append(.invalid, from: start)
    } else {
      append(.text, from: start)
    }
  }

  /// A text between the wrong quotes is one mistake, if it ends on its line.
  private mutating func readSingleQuotes() {
    let start = offset
    let line = bytes[(start + 1)...].prefix { $0 != UInt8(ascii: "\n") }
    offset = line.firstIndex(of: UInt8(ascii: "'")).map { $0 + 1 } ?? start + 1
    reportMark(from: start)
  }

  /// The same between “ and ”, behind the first of them.
  private mutating func skipTypographicText() {
    let begin = offset
    while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n"), let scalar = scalar(at: offset) {
      offset += scalar.utf8.count
      if Self.typographicQuotes.contains(scalar) { return }
    }
    offset = begin
  }

  private mutating func readMark() {
    let start = offset
    let (kind, length) = mark(bytes[offset], peek(1))
    offset += length
    guard kind == .invalid else { return append(kind, from: start) }
    // The rest of a character of several bytes; `&&` and `||` are one mistake.
    skip { $0 & 0xC0 == 0x80 }
    if offset == start + 1, peek(0) == bytes[start] { offset += 1 }
    if let scalar = scalar(at: start), Self.typographicQuotes.contains(scalar) { skipTypographicText() }
    reportMark(from: start)
  }

  private mutating func reportMark(from start: Int) {
    diagnostics.report(
      .unexpectedCharacter, "this has no meaning here", SourceSpan(start, offset), "",
      help: scalar(at: start).flatMap(Self.remedy))
    append(.invalid, from: start)
  }

  private func mark(_ first: UInt8, _ second: UInt8) -> (Token.Kind, length: Int) {
    let followedByEqual = second == UInt8(ascii: "=")
    switch first {
    case UInt8(ascii: "("): return (.leftParenthesis, 1)
    case UInt8(ascii: ")"): return (.rightParenthesis, 1)
    case UInt8(ascii: ","): return (.comma, 1)
    case UInt8(ascii: "+"): return (.plus, 1)
    case UInt8(ascii: "-"): return (.minus, 1)
    case UInt8(ascii: "*"): return (.star, 1)
    case UInt8(ascii: "/"): return (.slash, 1)
    case UInt8(ascii: "="): return followedByEqual ? (.equal, 2) : (.assign, 1)
    case UInt8(ascii: "!"): return followedByEqual ? (.notEqual, 2) : (.invalid, 1)
    case UInt8(ascii: "<"): return followedByEqual ? (.lessOrEqual, 2) : (.less, 1)
    case UInt8(ascii: ">"): return followedByEqual ? (.greaterOrEqual, 2) : (.greater, 1)
    default: return (.invalid, 1)
    }
  }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
  var isWordStart: Bool { isLetter || self == UInt8(ascii: "_") }
  var isWord: Bool { isWordStart || isDigit }
}
