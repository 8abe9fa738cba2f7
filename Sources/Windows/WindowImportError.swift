/// Why exported keys could not be taken in. The snapshot is damaged or of another aggregate: fall back on the log.
public struct WindowImportError: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// The bytes end within a key.
    case truncated
    /// A time outside 0…253402300799999, or one before the event it follows.
    case badTime
    /// A number of events outside 1…`WindowShape.maximumCapacity`.
    case badCount
  }

  public let reason: Reason
  /// Of the field, or of the key that is cut short, in the bytes given.
  public let offset: Int

  init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension WindowImportError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .truncated: "the key at byte \(offset) is cut short"
    case .badTime: "the time at byte \(offset) is out of range or out of order"
    case .badCount: "the number of events at byte \(offset) is not within 1…\(WindowShape.maximumCapacity)"
    }
  }
}
