/// What every reader and writer of messages keeps to.
public enum WireLimits {
  /// How deep messages and groups may be nested, the outermost not counted: protobuf's own limit.
  public static let maximumNesting = 100

  /// The largest message, in bytes: protobuf's own limit. Frames set a far smaller one.
  public static let maximumMessageBytes = Int(Int32.max)

  /// The longest varint, in bytes: 64 bits in groups of 7.
  public static let maximumVarintBytes = 10

  /// The longest tag, in bytes: 32 bits in groups of 7.
  public static let maximumTagBytes = 5
}
