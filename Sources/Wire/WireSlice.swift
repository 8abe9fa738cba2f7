/// Where a text or bytes lie within the message that was read: a plain value that owns nothing.
@frozen
public struct WireSlice: Equatable, Sendable {
  @usableFromInline
  let start: UInt32

  @usableFromInline
  let length: UInt32

  /// Nothing: what an absent field shows.
  @inlinable
  public init() {
    start = 0
    length = 0
  }

  /// Both within `WireLimits.maximumMessageBytes`, as every reader sees to.
  @inlinable
  public init(offset: Int, length: Int) {
    start = UInt32(truncatingIfNeeded: offset)
    self.length = UInt32(truncatingIfNeeded: length)
  }

  /// Bytes from the begin of the message.
  @inlinable
  public var offset: Int { Int(start) }

  /// How many bytes.
  @inlinable
  public var count: Int { Int(length) }

  /// Whether there is nothing.
  @inlinable
  public var isEmpty: Bool { length == 0 }

  /// The bytes themselves, within the message that was read (and no other).
  @inlinable
  public func bytes(in message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: message[offset..<offset + count])
  }

  /// The bytes as a text, within the message that was read.
  public func text(in message: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes(in: message), as: UTF8.self)
  }
}
