/// A message as written: `"{card_countries over 24h} countries in a day"`.
struct MessageSyntax: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case text(String)
    case value(Expression)
  }

  /// The message as written, escapes resolved but for those of braces.
  var text: String
  var parts: [Part]
  var span: SourceSpan
}
