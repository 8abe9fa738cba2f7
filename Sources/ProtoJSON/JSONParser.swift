/// Reads one JSON text, exactly as RFC 8259 has it: no comments, no trailing commas, no name twice in an object.
///
/// Cost: one pass; memory of the order of the text's. Nesting is limited so that no text can exhaust the stack.
struct JSONParser {
  /// How deep lists and objects may stand in each other.
  static let maximumNesting = 100

  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  private let bytes: [UInt8]
  private var index = 0
  private var nesting = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The value of the whole text.
  mutating func parse() throws(JSONSyntaxError) -> JSONValue {
    let value = try parseValue()
    skipBlanks()
    guard index == bytes.count else { throw error("expected the end of the text") }
    return value
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func error(_ message: String) -> JSONSyntaxError {
    let before = bytes[..<index]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return JSONSyntaxError(message: message, line: line, column: index - lineStart + 1)
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  private mutating func parseValue() throws(JSONSyntaxError) -> JSONValue {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONSyntaxError) in try parser.parseObject() }
    case UInt8(ascii: "["): return try nested { parser throws(JSONSyntaxError) in try parser.parseArray() }
    case UInt8(ascii: "\""): return .string(try parseString())
    case let byte? where byte == UInt8(ascii: "-") || Self.digits.contains(byte): return .number(try parseNumber())
    default: return try parseWord()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard nesting < Self.maximumNesting else { throw error("nested deeper than \(Self.maximumNesting)") }
    nesting += 1
    index += 1
    let value = try body(&self)
    nesting -= 1
    return value
  }

  private mutating func parseWord() throws(JSONSyntaxError) -> JSONValue {
    for (word, value) in [("true", JSONValue.bool(true)), ("false", .bool(false)), ("null", .null)]
    where bytes[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return value
    }
    throw error("expected a value: an object, a list, a text in double quotes, a number, true, false or null")
  }

  private mutating func parseArray() throws(JSONSyntaxError) -> JSONValue {
    var values: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array([]) }
    while true {
      values.append(try parseValue())
      skipBlanks()
      if take("]") { return .array(values) }
      guard take(",") else { throw error("expected , or ]") }
    }
  }

  private mutating func parseObject() throws(JSONSyntaxError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    skipBlanks()
    if take("}") { return .object([]) }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw error("expected a name in double quotes") }
      let name = try parseString()
      guard names.insert(name).inserted else { throw error("the name \(name) stands twice in one object") }
      skipBlanks()
      guard take(":") else { throw error("expected :") }
      members.append(JSONValue.Member(name, try parseValue()))
      skipBlanks()
      if take("}") { return .object(members) }
      guard take(",") else { throw error("expected , or }") }
    }
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private mutating func parseNumber() throws(JSONSyntaxError) -> String {
    let start = index
    _ = take("-")
    if !take("0") { try takeDigits() }
    if take(".") { try takeDigits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try takeDigits()
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func takeDigits() throws(JSONSyntaxError) {
    let start = index
    while let byte = next, Self.digits.contains(byte) { index += 1 }
    guard index > start else { throw error("expected a digit") }
  }

  private mutating func parseString() throws(JSONSyntaxError) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = next {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try parseEscape(into: &text)
      case 0..<0x20:
        index -= 1
        throw error("a control character in a text: write it as \\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
      default: text.append(byte)
      }
    }
    throw error("a text without its closing quote")
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    guard let byte = next else { throw error("a text without its closing quote") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: String(try parseScalar()).utf8)
    default:
      index -= 1
      throw error("an unknown escape: use \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four digits")
    }
  }

  /// One code unit, or two that are a surrogate pair; half a pair is an error.
  private mutating func parseScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
    let high = try parseCodeUnit()
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, take("\\"), take("u") else { throw error("half a surrogate pair") }
    let low = try parseCodeUnit()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x1_0000 + (UInt32(high - 0xD800) << 10) + UInt32(low - 0xDC00))
    else { throw error("half a surrogate pair") }
    return scalar
  }

  private mutating func parseCodeUnit() throws(JSONSyntaxError) -> UInt16 {
    let digits = bytes[index..<min(index + 4, bytes.count)]
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits") }
    index += 4
    return unit
  }
}
