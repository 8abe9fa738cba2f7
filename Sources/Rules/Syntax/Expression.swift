/// An expression as written, with its place. Types are the checker's matter.
struct Expression: Hashable, Sendable {
  enum Comparison: String, CaseIterable, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  /// Parts of the activity's time in a zone.
  enum TimePart: String, CaseIterable, Sendable {
    /// 0 to 23.
    case hour
    /// `monday` to `sunday`.
    case weekday
    /// `00:00` to `23:59`.
    case clock
  }

  enum TextTest: String, Sendable {
    case startsWith = "starts with"
    case endsWith = "ends with"
    case contains
    case matches
  }

  /// What a value is looked up in.
  indirect enum Collection: Hashable, Sendable {
    case named(Name)
    case elements([Expression], SourceSpan)
  }

  indirect enum Kind: Hashable, Sendable {
    case literal(Literal)
    /// A field, a counter, a named condition or a bare word such as `monday`.
    case name(String)
    case reading(counter: Name, window: Int64, SourceSpan)
    case time(TimePart, zone: Name)
    case domain(of: Expression)
    /// How far it is from one place to another.
    case distance(from: Expression, to: Expression)
    /// How fast somebody must have been who was at the first place when the counter saw it, and is at the second now.
    case speed(from: Expression, to: Expression)
    case negated(Expression)
    case not(Expression)
    case all([Expression])
    case any([Expression])
    case arithmetic(Arithmetic, Expression, Expression)
    case comparison(Comparison, Expression, Expression)
    case between(Expression, Expression, Expression)
    case member(Expression, Collection)
    case within(Expression, window: Expression)
    case presence(Expression, isKnown: Bool)
    case text(TextTest, Expression, pattern: Expression)
    /// The customer's newest lock has not run out, nor been lifted.
    case customerIsLocked
  }

  var kind: Kind
  var span: SourceSpan
}

/// A name and its place.
struct Name: Hashable, Sendable {
  var text: String
  var span: SourceSpan
}
