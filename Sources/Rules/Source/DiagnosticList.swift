/// The diagnostics of one file: none twice, none on top of another of the same place, and a bounded number.
struct DiagnosticList {
  private struct Place: Hashable {
    let span: SourceSpan
    let listLine: Int?
  }

  private(set) var all: [Diagnostic] = []
  private var places: Set<Place> = []
  private var errorCount = 0

  /// No more are taken: reading on is not worth it.
  var isFull: Bool { errorCount >= Limits.maxDiagnostics }

  var hasErrors: Bool { errorCount > 0 }

  /// Keeps the first diagnostic of a place: the later ones follow from it.
  mutating func report(
    _ code: DiagnosticCode, _ message: String, _ span: SourceSpan, _ label: String, help: String? = nil,
    listLine: Int? = nil
  ) {
    report(Diagnostic(code: code, message: message, span: span, listLine: listLine, label: label, help: help))
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    guard !isFull, places.insert(Place(span: diagnostic.span, listLine: diagnostic.listLine)).inserted else { return }
    all.append(diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
  }

  mutating func append(contentsOf other: DiagnosticList) {
    for diagnostic in other.all { report(diagnostic) }
  }

  /// In the order of the file, and of the list file that is named in one place.
  var sorted: [Diagnostic] {
    all.sorted {
      ($0.span.start, $0.span.end, $0.listLine ?? 0, $0.code.rawValue)
        < ($1.span.start, $1.span.end, $1.listLine ?? 0, $1.code.rawValue)
    }
  }
}
