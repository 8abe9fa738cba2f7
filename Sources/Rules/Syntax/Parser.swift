/// Reads declarations by recursive descent. A mistake is reported once; reading goes on at the next clause or
/// declaration that begins a line, so that one file's mistakes are all found together.
struct Parser {
  /// The mistake is reported; the caller gives up what it was reading.
  struct Failure: Error {}

  /// Words that begin a declaration.
  static let declarationWords: Set<String> = ["list", "let", "counter", "rule"]
  /// Words that begin a clause of a rule.
  static let clauseWords: Set<String> = ["on", "when", "then", "otherwise", "mode", "tags", "score", "severity"]
  /// Words with a meaning of their own, which nothing may be named.
  static let reservedWords: Set<String> = declarationWords.union(clauseWords).union([
    "of", "where", "by", "from", "over", "within", "between", "in", "is", "known", "missing", "and", "or", "not",
    "true", "false", "starts", "ends", "with", "contains", "matches", "hour", "weekday", "clock", "domain",
    "distance", "speed", "nothing", "to", "for", "per",
  ])

  let file: SourceFile
  let tokens: [Token]
  var index = 0
  var depth = 0
  var expressionNodes = 0
  var diagnostics: DiagnosticList
  /// What errors call the place behind the last token.
  var endName = "the end of the file"
  /// Where each declaration begins.
  var starts: [Int] = []

  /// Everything that `file` declares, as far as it can be read, and what could not.
  static func parse(_ file: SourceFile) -> ParsedFile {
    var diagnostics = DiagnosticList()
    let whole = SourceSpan(0, min(file.bytes.count, 1))
    if file.bytes.count > Limits.maxFileBytes {
      diagnostics.report(
        .fileTooLarge, "the file has more than \(Limits.maxFileBytes) bytes", whole, "no more are read",
        help: "keep long lists in files of their own: list NAME of TYPE from \"FILE\"")
      return ParsedFile(diagnostics: diagnostics)
    }
    if let bad = file.bytes.firstInvalidUTF8 {
      diagnostics.report(.notUTF8, "the file is not UTF-8 text", SourceSpan(bad, bad + 1), "this byte is not UTF-8")
      return ParsedFile(diagnostics: diagnostics)
    }
    let lexer = Lexer.tokens(of: file)
    var parser = Parser(file: file, lexer: lexer)
    let declarations = parser.declarations()
    return ParsedFile(
      declarations: declarations, starts: parser.starts, comments: lexer.comments, diagnostics: parser.diagnostics)
  }

  init(file: SourceFile, lexer: Lexer) {
    (self.file, tokens, diagnostics) = (file, lexer.tokens, lexer.diagnostics)
  }

  // MARK: - Tokens

  var current: Token { tokens[index] }

  var word: String? { current.kind == .word ? file.text(current.span) : nil }

  func wordAhead(_ distance: Int) -> String? {
    let ahead = min(index + distance, tokens.count - 1)
    return tokens[ahead].kind == .word ? file.text(tokens[ahead].span) : nil
  }

  mutating func advance() {
    if index + 1 < tokens.count { index += 1 }
  }

  mutating func accept(_ kind: Token.Kind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func accept(word expected: String) -> Bool {
    guard word == expected else { return false }
    advance()
    return true
  }

  mutating func expect(_ kind: Token.Kind, _ what: String) throws(Failure) {
    guard accept(kind) else { throw unexpected(what) }
  }

  mutating func expect(word expected: String, help: String? = nil) throws(Failure) {
    guard accept(word: expected) else { throw unexpected("`\(expected)`", help: help) }
  }

  /// Reports what stands here instead of what is wanted.
  mutating func unexpected(_ wanted: String, help: String? = nil) -> Failure {
    if current.kind != .invalid {
      diagnostics.report(
        .unexpectedToken, "expected \(wanted), found \(describeCurrent())", current.span, "expected \(wanted)",
        help: help)
    }
    return Failure()
  }

  private func describeCurrent() -> String {
    if current.kind == .endOfFile { return endName }
    return "`\(file.text(SourceSpan(current.span.start, min(current.span.end, current.span.start + 64))))`"
  }

  /// The span from `start` to the last token that was read.
  func span(from start: Int) -> SourceSpan {
    SourceSpan(start, max(start, index > 0 ? tokens[index - 1].span.end : start))
  }

  // MARK: - Recovery

  /// Goes to the next line that begins with one of `words`, or with a declaration.
  /// - Returns: those of the words that were passed over on the way.
  @discardableResult
  mutating func skip(to words: Set<String> = []) -> Set<String> {
    var passed: Set<String> = []
    while current.kind != .endOfFile {
      if let word, words.contains(word) || beginsDeclaration {
        if current.startsLine { break }
        passed.insert(word)
      }
      advance()
    }
    return passed
  }

  var beginsDeclaration: Bool {
    guard current.startsLine, let word else { return false }
    return Self.declarationWords.contains(word)
  }
}

extension [UInt8] {
  /// Where the first byte stands that is not part of well-formed UTF-8.
  var firstInvalidUTF8: Int? {
    var decoder = UTF8()
    var iterator = makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return Swift.min(offset, count - 1)
      }
    }
  }
}
