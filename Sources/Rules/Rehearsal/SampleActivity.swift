/// An activity in a test of rules: its kind, its time, and its fields by the names that rules use.
public struct SampleActivity: Hashable, Sendable {
  public enum Value: Hashable, Sendable {
    case text(String)
    /// Whole numbers, and times in Unix milliseconds.
    case integer(Int64)
    case boolean(Bool)
    case decimal(Double)
  }

  /// `order.create`.
  public var kind: String
  /// Unix time in milliseconds.
  public var time: Int64
  /// By field (`location.country`) or attribute (`attributes.email`).
  public var fields: [String: Value]

  public init(kind: String, time: Int64, fields: [String: Value] = [:]) {
    (self.kind, self.time, self.fields) = (kind, time, fields)
  }
}
