extension Diagnostic {
  /// The longest part of a source line that is shown, in bytes.
  static let maxShownLineBytes = 160

  /// The diagnostic as a terminal shows it:
  /// ```
  /// error[E0020]: a duration is not a count
  ///   --> trade.rules:12:38
  ///    |
  /// 12 |   when payment_attempts over 48h > 5d
  ///    |                                    ^^ expected a whole number, found a duration
  ///    = help: write 5
  /// ```
  public func rendered(in file: SourceFile) -> String {
    let position = file.position(of: span.start)
    let number = String(position.line)
    let margin = String(repeating: " ", count: number.count)
    let (shown, underline) = excerpt(of: file)
    var lines = [
      "\(severity.rawValue)[\(code.rawValue)]: \(message)",
      "\(margin)--> \(file.name):\(position.line):\(position.column)",
      "\(margin) |",
      "\(number) | \(shown)",
      "\(margin) | \(underline)\(label.isEmpty ? "" : " " + label)",
    ]
    if let help { lines.append("\(margin) = help: \(help)") }
    return lines.joined(separator: "\n")
  }

  /// The source line, cut to a bearable length around the span, and the marks that stand below it.
  private func excerpt(of file: SourceFile) -> (line: String, underline: String) {
    let whole = file.line(holding: span.start)
    let start = min(max(span.start, whole.lowerBound), whole.upperBound)
    let from = max(whole.lowerBound, start - Self.maxShownLineBytes / 2)
    let to = min(whole.upperBound, from + Self.maxShownLineBytes)
    let end = min(max(span.end, start), to)
    let before = printable(file.text(SourceSpan(from, start)))
    let marked = printable(file.text(SourceSpan(start, end)))
    let after = printable(file.text(SourceSpan(end, to)))
    let indent = String(repeating: " ", count: before.unicodeScalars.count)
    let marks = String(repeating: "^", count: max(1, marked.unicodeScalars.count))
    return (before + marked + after, indent + marks)
  }

  /// Control characters would break the alignment or the terminal.
  private func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
  }
}
