/// Puts Swift source together, line by line.
struct SourceWriter {
  private(set) var text = ""
  private var depth = 0

  mutating func line(_ line: String = "") {
    text += line.isEmpty ? "\n" : String(repeating: "  ", count: depth) + line + "\n"
  }

  /// An empty line, unless a block has just begun.
  mutating func space() {
    if !text.hasSuffix("{\n") && !text.hasSuffix("\n\n") { line() }
  }

  /// A comment of the contract as a docstring; `fallback` if there is none.
  mutating func docstring(_ comment: [String], fallback: String) {
    for text in comment.isEmpty ? [fallback] : comment {
      line(text.isEmpty ? "///" : "/// \(text)")
    }
  }

  /// A block: its head, what `body` writes, and the closing brace.
  mutating func block(_ head: String, _ body: (inout SourceWriter) -> Void) {
    line(head + " {")
    indented(body)
    line("}")
  }

  mutating func indented(_ body: (inout SourceWriter) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  /// Text that stands as it is, without indentation.
  mutating func verbatim(_ lines: String) {
    text += lines
  }
}
