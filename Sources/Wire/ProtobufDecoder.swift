/// Reads messages in the proto3 wire format.
///
/// Fields that the message does not have, or that come with another wire type than theirs, are skipped; of a scalar
/// that occurs several times the last one counts, pieces of a nested message are merged, lists and maps collected;
/// numbers are accepted packed or not. Enumeration values that are not known are kept.
///
///     let activity = try ProtobufDecoder().decode(Activity.self, from: bytes)
///
/// Most of the cost is `Codable`'s own and that of making strings. Where that matters, read through a view.
public struct ProtobufDecoder: Sendable {
  /// The largest message that is read, in bytes. Of the memory used
  /// meanwhile, what is not the message's own is at most 24 times its size: 16 bytes for an element of at least two,
  /// in a stack that doubles when it is full.
  public var maximumBytes = WireLimits.maximumMessageBytes

  /// Messages of up to this many fields, nested ones included, are taken apart on the stack.
  private static let scratchFields = 128

  public init() {}

  /// The message that the bytes are.
  ///
  /// Errors: `WireError` with what is wrong, where, and in which field.
  public func decode<Message: ProtobufMessage>(
    _ type: Message.Type, from bytes: UnsafeRawBufferPointer
  ) throws -> Message {
    guard bytes.count <= min(maximumBytes, WireLimits.maximumMessageBytes) else {
      throw WireError(.messageTooLarge, at: 0)
    }
    return try withUnsafeTemporaryAllocation(of: DecodedField.self, capacity: Self.scratchFields) { scratch in
      var stack = DecodedFields(scratch: scratch)
      return try withUnsafeMutablePointer(to: &stack) { stack in
        try MessageDecoder(bytes, schema: Message.schema, stack: stack).message(type)
      }
    }
  }

  /// The message that the bytes are.
  ///
  /// Errors: `WireError` with what is wrong, where, and in which field.
  public func decode<Message: ProtobufMessage>(_ type: Message.Type, from bytes: [UInt8]) throws -> Message {
    try bytes.withUnsafeBytes { try decode(type, from: $0) }
  }
}
