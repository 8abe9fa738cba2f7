/// A rules file as read.
struct ParsedFile {
  var declarations: [Declaration] = []
  /// Where each declaration begins, in bytes.
  var starts: [Int] = []
  /// From `#` to the end of the line.
  var comments: [SourceSpan] = []
  var diagnostics = DiagnosticList()
}
