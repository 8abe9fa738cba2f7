/// A word, number, text or mark of a rules file.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A name or keyword, dotted parts included: `rule`, `location.country`, `customer.*`.
    case word
    /// A number with what is glued to it: `5`, `2.50`, `48h`, `10%`, `900km/h`, `01:30`, `2026-01-31`.
    case number
    /// A text between quotes, the quotes included in the span.
    case text
    case leftParenthesis, rightParenthesis, comma, assign
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case plus, minus, star, slash
    /// Something that was reported when it was read; no second error is made of it.
    case invalid
    case endOfFile
  }

  var kind: Kind
  var span: SourceSpan
  /// Nothing but blanks stands before it on its line.
  var startsLine: Bool
}
