/// Zig-zag numbers, in which values near zero are short whatever their sign: 0, -1, 1, -2, 2, … become 0, 1, 2, 3, 4, ….
public enum ZigZag {
  /// The zig-zag form of a number.
  @inlinable
  public static func encode<Value: FixedWidthInteger & SignedInteger>(_ value: Value) -> Value.Magnitude {
    Value.Magnitude(truncatingIfNeeded: (value << 1) ^ (value >> (Value.bitWidth - 1)))
  }

  /// The number whose zig-zag form is `bits`.
  @inlinable
  public static func decode<Bits: FixedWidthInteger & UnsignedInteger>(_ bits: Bits) -> Bits {
    (bits >> 1) ^ (0 &- (bits & 1))
  }
}
