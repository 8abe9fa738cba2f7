/// A part of a rule's condition and what it came to: a node of a decision's evaluation tree.
public struct ExplainedPart: Hashable, Sendable {
  /// What a part came to.
  public enum Value: Hashable, Sendable {
    case condition(Bool)
    /// A value as rules files write it; a count that is only known to be at least 6 as `6+`.
    case value(String)
    /// Unknown for want of this field or counter.
    case unknown(missing: String)
  }

  /// As the rules file has it, in canonical form; at most `maxTextBytes`, cut off with `…`.
  public let text: String
  public let value: Value
  /// Its own parts, in the order in which they are written. Constants are none.
  public let parts: [ExplainedPart]

  /// The most bytes of a part's text before the `…`.
  public static let maxTextBytes = 1_024

  /// Of a condition that is known.
  public var isTrue: Bool? { if case .condition(let isTrue) = value { isTrue } else { nil } }

  /// The first field or counter for want of which it is unknown.
  public var missing: String? { if case .unknown(let missing) = value { missing } else { nil } }
}

extension ExplainedPart.Value: CustomStringConvertible {
  /// `true`, `false`, `unknown` or the value.
  public var description: String {
    switch self {
    case .condition(let isTrue): "\(isTrue)"
    case .value(let value): value
    case .unknown: "unknown"
    }
  }
}
