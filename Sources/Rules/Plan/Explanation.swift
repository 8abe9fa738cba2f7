/// A rule's condition part by part, with what each came to: the full evaluation tree of a decision.
public struct Explanation: Hashable, Sendable {
  /// `and`, `or`, `not`, or a part without parts as the rules file has it.
  public let text: String
  /// Absent when it is unknown.
  public let isTrue: Bool?
  /// The first field or counter for want of which it is unknown.
  public let missing: String?
  /// The counters that a part without parts reads, and what they were; those that could not be read are left out.
  public let values: [Value]
  public let parts: [Explanation]

  /// A counter over a window.
  public struct Value: Hashable, Sendable {
    public let counter: String
    public let windowMilliseconds: Int64
    public let value: Int64
    public let isAtLeast: Bool
  }
}
