/// The diagnostics of one file: none twice, none on top of another of the same place, and a bounded number.
struct DiagnosticList {
  private(set) var all: [Diagnostic] = []
  private var places: Set<SourceSpan> = []
  private var errorCount = 0

  /// No more are taken: reading on is not worth it.
  var isFull: Bool { errorCount >= Limits.maxDiagnostics }

  var hasErrors: Bool { errorCount > 0 }

  /// Keeps the first diagnostic of a place: the later ones follow from it.
  mutating func report(
    _ code: DiagnosticCode, _ message: String, _ span: SourceSpan, _ label: String, help: String? = nil
  ) {
    guard !isFull, places.insert(span).inserted else { return }
    all.append(Diagnostic(code: code, message: message, span: span, label: label, help: help))
    if code.severity == .error { errorCount += 1 }
  }

  mutating func append(contentsOf other: DiagnosticList) {
    for entry in other.all { report(entry.code, entry.message, entry.span, entry.label, help: entry.help) }
  }

  /// In the order of the file.
  var sorted: [Diagnostic] {
    all.sorted { ($0.span.start, $0.span.end, $0.code.rawValue) < ($1.span.start, $1.span.end, $1.code.rawValue) }
  }
}
