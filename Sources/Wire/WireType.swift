/// How the bytes that follow a tag are laid out.
///
/// Source: protobuf.dev, "Encoding", "Message Structure". Types 6 and 7 do not exist.
public enum WireType: UInt8, Sendable {
  /// A base-128 number of 1 to 10 bytes, least significant group first.
  case varint = 0
  /// Eight bytes, little-endian.
  case fixed64 = 1
  /// A varint length and as many bytes.
  case lengthDelimited = 2
  /// The begin of a group; groups are only ever skipped.
  case startGroup = 3
  /// The end of a group, with the number that began it.
  case endGroup = 4
  /// Four bytes, little-endian.
  case fixed32 = 5
}
