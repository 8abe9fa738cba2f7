/// What stands before every field: its number and its wire type, as one varint of at most 5 bytes.
@frozen
public struct WireTag: Equatable, Sendable {
  /// `number << 3 | wire type`.
  public let rawValue: UInt32

  @inlinable
  init(unchecked rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The tag of a field.
  @inlinable
  public init(_ number: UInt32, _ type: WireType) {
    rawValue = number << 3 | UInt32(type.rawValue)
  }

  /// The field's number, 1 to 536,870,911.
  @inlinable
  public var number: UInt32 { rawValue >> 3 }

  /// The wire type's number, 0 to 5.
  @inlinable
  public var typeNumber: UInt8 { UInt8(truncatingIfNeeded: rawValue & 7) }
}
