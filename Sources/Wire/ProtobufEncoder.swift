/// Writes messages in the proto3 wire format.
///
/// Fields stand in the order of their numbers, defaults without explicit presence are left out, numbers are packed, and
/// maps stand in the order of their keys: equal messages become equal bytes.
///
///     let bytes = try ProtobufEncoder().encode(activity)
///
/// Most of the cost is `Codable`'s own: for every nested message it asks the runtime for generic containers. Where that
/// matters, write with `WireWriter`.
public struct ProtobufEncoder: Sendable {
  /// The largest message that is written, in bytes.
  public var maximumBytes = WireLimits.maximumMessageBytes

  /// Messages of up to this many bytes are put together on the stack.
  private static let scratchBytes = 1024

  public init() {}

  /// The bytes of a message.
  ///
  /// Errors: `WireError` with `messageTooLarge`, `nestingTooDeep`, `schemaMismatch`.
  public func encode<Message: ProtobufMessage>(_ message: Message) throws -> [UInt8] {
    try withEncoded(message) { [UInt8]($0) }
  }

  /// Lends the bytes of a message to `body`, which must not keep them. Spares the array of `encode`.
  ///
  /// Errors: those of `encode` and of `body`.
  public func withEncoded<Message: ProtobufMessage, Result>(
    _ message: Message, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try withUnsafeTemporaryAllocation(byteCount: Self.scratchBytes, alignment: 1) { scratch in
      var output = OutputBuffer(scratch: scratch)
      return try withUnsafeMutablePointer(to: &output) { output in
        try message.encode(to: MessageEncoder(schema: Message.schema, output: output))
        let bytes = output.pointee.bytes
        guard bytes.count <= maximumBytes else { throw WireError(.messageTooLarge, at: bytes.count) }
        return try body(bytes)
      }
    }
  }
}
