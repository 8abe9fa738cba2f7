import Rules

extension Compilation {
  /// The errors as a terminal shows them, from the first on, as many as fit whole; then how many more there are.
  ///
  /// - Parameter maxBytes: of UTF-8.
  func report(maxBytes: Int) -> String {
    let errors = diagnostics.filter { $0.severity == .error }
    var text = "the rules have \(errors.count) \(errors.count == 1 ? "error" : "errors"); nothing has changed"
    for (index, error) in errors.enumerated() {
      let more = "\nand \(errors.count - index) more: see gatehouse rules check"
      let rest = errors.count - index - 1
      let next = "\n" + fitting(error, maxBytes: maxBytes - text.utf8.count - (rest == 0 ? 0 : more.utf8.count) - 1)
      guard next.utf8.count > 1 else { return text + more }
      text += next
    }
    return text
  }

  /// Whole, or in one line, or not at all.
  private func fitting(_ error: Diagnostic, maxBytes: Int) -> String {
    let rendered = error.rendered(in: file)
    if rendered.utf8.count <= maxBytes { return rendered }
    let position = file.position(of: error.span.start)
    let line = "\(error.code.rawValue) \(file.name):\(position.line):\(position.column): \(error.message)"
    return line.utf8.count <= maxBytes ? line : ""
  }
}
