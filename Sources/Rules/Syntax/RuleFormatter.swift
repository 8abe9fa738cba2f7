/// The one layout of rules files: canonical declarations, comments where they were, at most one blank line in a row and
/// one before and after each rule. Formatting what is formatted changes nothing, and never the rule set's version.
public struct RuleFormatter {
  private let file: SourceFile
  private let parsed: ParsedFile
  private let comments: CommentPlaces
  private var output = ""

  /// The formatted text; absent, with the reasons, when the file has errors in its syntax.
  public static func format(_ file: SourceFile) -> (text: String?, diagnostics: [Diagnostic]) {
    let parsed = Parser.parse(file)
    guard !parsed.diagnostics.hasErrors else { return (nil, parsed.diagnostics.sorted) }
    var formatter = RuleFormatter(file, parsed)
    formatter.writeAll()
    return (formatter.output, parsed.diagnostics.sorted)
  }

  private init(_ file: SourceFile, _ parsed: ParsedFile) {
    (self.file, self.parsed) = (file, parsed)
    comments = CommentPlaces(parsed, in: file)
  }

  private mutating func writeAll() {
    var followsRule = false
    for (start, declaration) in zip(parsed.starts, parsed.declarations) {
      let isRule = if case .rule = declaration { true } else { false }
      let first = comments.leading[start]?.first?.start ?? start
      if !output.isEmpty, isRule || followsRule || file.hasBlankLine(before: first) { output += "\n" }
      write(declaration, start)
      followsRule = isRule
    }
    if let first = comments.last.first, !output.isEmpty, file.hasBlankLine(before: first.start) { output += "\n" }
    write(comments.last, before: file.bytes.count, indentation: "")
  }

  private mutating func write(_ declaration: Declaration, _ start: Int) {
    var starts: [String: Int] = [:]
    if case .rule(let rule) = declaration { starts = rule.clauseStarts }
    for unit in DeclarationPrinter().units(declaration) {
      let unitStart = unit.clause.flatMap { starts[$0] } ?? start
      write(comments.leading[unitStart] ?? [], before: unitStart, indentation: unit.clause == nil ? "" : "  ")
      output += unit.text
      if let comment = comments.trailing[unitStart] { output += "  " + text(comment) }
      output += "\n"
    }
  }

  /// Comments that stand on lines of their own before what begins at `next`. Those of a declaration keep a blank line
  /// between them, those of a clause do not.
  private mutating func write(_ group: [SourceSpan], before next: Int, indentation: String) {
    for (index, comment) in group.enumerated() {
      output += indentation + text(comment) + "\n"
      let following = index + 1 < group.count ? group[index + 1].start : next
      if indentation.isEmpty, following < file.bytes.count, file.hasBlankLine(before: following) { output += "\n" }
    }
  }

  private func text(_ comment: SourceSpan) -> String {
    String(file.text(comment).reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}

/// Which comment belongs to what: one behind code to the declaration or clause that it stands in, one on a line of its own
/// to the next, or to the one that goes on behind it.
private struct CommentPlaces {
  /// By the offset at which a declaration or clause begins.
  var leading: [Int: [SourceSpan]] = [:]
  var trailing: [Int: SourceSpan] = [:]
  /// Behind everything.
  var last: [SourceSpan] = []

  init(_ parsed: ParsedFile, in file: SourceFile) {
    var starts = Set(parsed.starts)
    for case .rule(let rule) in parsed.declarations { starts.formUnion(rule.clauseStarts.values) }
    let sorted = starts.sorted()
    var next = 0
    var code = CodeScanner(bytes: file.bytes)
    for comment in parsed.comments {
      while next < sorted.count, sorted[next] <= comment.start { next += 1 }
      let own = next > 0 ? sorted[next - 1] : nil
      if let own, !file.standsAlone(comment) {
        // Of several behind one declaration the last stays behind it.
        if let earlier = trailing.updateValue(comment, forKey: own) { leading[own, default: []].append(earlier) }
      } else if let own, let following = code.next(after: comment.end), !starts.contains(following) {
        leading[own, default: []].append(comment)
      } else if next < sorted.count {
        leading[sorted[next], default: []].append(comment)
      } else {
        last.append(comment)
      }
    }
  }
}

/// Finds where code goes on; offsets only rise, so that a whole file costs one pass.
private struct CodeScanner {
  let bytes: [UInt8]
  private var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The first offset from `start` on that is neither blank nor in a comment.
  mutating func next(after start: Int) -> Int? {
    offset = max(offset, start)
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "#") {
        offset = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      } else if bytes[offset] > 0x20 {
        return offset
      } else {
        offset += 1
      }
    }
    return nil
  }
}

extension SourceFile {
  /// Nothing but blanks stands before the comment on its line.
  fileprivate func standsAlone(_ comment: SourceSpan) -> Bool {
    bytes[line(holding: comment.start).lowerBound..<comment.start].allSatisfy { $0 <= 0x20 }
  }

  /// Whether the line before that of `offset` is blank.
  fileprivate func hasBlankLine(before offset: Int) -> Bool {
    let start = line(holding: offset).lowerBound
    return start > 0 && bytes[line(holding: start - 1)].allSatisfy { $0 <= 0x20 }
  }
}
