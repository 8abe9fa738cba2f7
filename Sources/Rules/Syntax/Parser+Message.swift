extension Parser {
  /// A text in which `{EXPRESSION}` stands for a value; `\\{` is a brace.
  mutating func message() throws(Failure) -> MessageSyntax {
    let span = current.span
    let whole = try text("a message")
    var message = MessageSyntax(text: whole.text, parts: [], span: span)
    var textStart = span.start + 1
    var offset = textStart
    let end = span.end - 1
    while offset < end {
      switch file.bytes[offset] {
      case UInt8(ascii: "\\"): offset += 2
      case UInt8(ascii: "{"):
        append(textFrom: textStart, to: offset, to: &message)
        guard let close = file.bytes[offset..<end].firstIndex(of: UInt8(ascii: "}")) else {
          diagnostics.report(
            .badInterpolation, "a brace is not closed", SourceSpan(offset, offset + 1), "expected } in the same text",
            help: "write \\{ for a brace")
          return message
        }
        if let value = interpolated(SourceSpan(offset + 1, close)) { message.parts.append(.value(value)) }
        (offset, textStart) = (close + 1, close + 1)
      default: offset += 1
      }
    }
    append(textFrom: textStart, to: end, to: &message)
    return message
  }

  private mutating func append(textFrom start: Int, to end: Int, to message: inout MessageSyntax) {
    // The escapes of the whole text were looked at when it was read.
    guard end > start else { return }
    var quiet = self
    message.parts.append(.text(quiet.unescaped(SourceSpan(start - 1, end + 1))))
  }

  /// The expression between two braces, read by a parser of its own.
  private mutating func interpolated(_ span: SourceSpan) -> Expression? {
    var inner = Parser(file: file, lexer: Lexer.tokens(of: file, in: span))
    inner.endName = "`}`"
    defer { diagnostics.append(contentsOf: inner.diagnostics) }
    do throws(Failure) {
      let value = try inner.wholeExpression()
      guard inner.current.kind == .endOfFile else { throw inner.unexpected("`}`") }
      return value
    } catch {
      return nil
    }
  }
}
