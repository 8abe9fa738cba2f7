/// Why a window cannot have the shape that was asked for. The rule that asks for it must change.
public enum WindowShapeError: Error, Equatable, Sendable {
  /// Not within 1…`WindowShape.maximumCapacity`: the rule's threshold is too high to be kept exactly.
  case capacityOutOfRange(Int)
  /// Not within 1 ms…`WindowShape.maximumSpanMilliseconds`.
  case spanOutOfRange(Int64)
  /// Not within 0…`WindowShape.maximumSpanMilliseconds`.
  case latenessOutOfRange(Int64)
}

extension WindowShapeError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .capacityOutOfRange(let capacity):
      "a window keeps 1 to \(WindowShape.maximumCapacity) events of a key, not \(capacity)"
    case .spanOutOfRange(let span):
      "a window is 1 to \(WindowShape.maximumSpanMilliseconds) ms long (400 days), not \(span)"
    case .latenessOutOfRange(let lateness):
      "an event may be 0 to \(WindowShape.maximumSpanMilliseconds) ms late (400 days), not \(lateness)"
    }
  }
}
