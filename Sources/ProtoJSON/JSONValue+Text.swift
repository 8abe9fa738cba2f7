extension JSONValue {
  /// Reads a JSON text.
  public init(parsing text: String) throws(JSONSyntaxError) {
    var parser = JSONParser(text)
    self = try parser.parse()
  }

  /// The text on one line, without blanks between its parts.
  public var text: String {
    var output = ""
    write(to: &output, indent: nil)
    return output
  }

  /// The text with a line for every member, two blanks deeper for every level.
  public var indentedText: String {
    var output = ""
    write(to: &output, indent: 0)
    return output
  }

  private func write(to output: inout String, indent: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .number(let digits): output += digits
    case .string(let text): Self.write(text, to: &output)
    case .array(let values):
      Self.write(values, between: ("[", "]"), to: &output, indent) { value, output, indent in
        value.write(to: &output, indent: indent)
      }
    case .object(let members):
      Self.write(members, between: ("{", "}"), to: &output, indent) { member, output, indent in
        Self.write(member.name, to: &output)
        output += indent == nil ? ":" : ": "
        member.value.write(to: &output, indent: indent)
      }
    }
  }

  private static func write<Part>(
    _ parts: [Part], between brackets: (open: String, close: String), to output: inout String, _ indent: Int?,
    _ writePart: (Part, inout String, Int?) -> Void
  ) {
    let inner = indent.map { $0 + 2 }
    output += brackets.open
    for (index, part) in parts.enumerated() {
      if index > 0 { output += "," }
      if let inner { output += "\n" + String(repeating: " ", count: inner) }
      writePart(part, &output, inner)
    }
    if let indent, !parts.isEmpty { output += "\n" + String(repeating: " ", count: indent) }
    output += brackets.close
  }

  private static func write(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      // Control characters must be escaped; U+007F to U+009F would drive a terminal.
      case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
