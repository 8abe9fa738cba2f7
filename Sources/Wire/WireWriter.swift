/// Writes the proto3 wire format into a buffer of the caller's; allocates nothing and never writes past the end.
///
/// When something does not fit, the writer notes it, writes nothing more and goes on counting, so that calls need no
/// check between them: `finish()` at the end tells. The buffer must outlive the writer.
///
///     var writer = WireWriter(buffer)
///     writer.writeTag(WireTag(1, .varint))
///     writer.writeVarint(42)
///     let count = try writer.finish()
@frozen
public struct WireWriter {
  @usableFromInline
  let buffer: UnsafeMutableRawBufferPointer

  @usableFromInline
  var length = 0

  /// How many bytes have been written, or would have been had the buffer been large enough.
  @inlinable
  public var count: Int { length }

  /// A writer into `buffer`, from its begin.
  @inlinable
  public init(_ buffer: UnsafeMutableRawBufferPointer) {
    self.buffer = buffer
  }

  /// Whether something did not fit.
  @inlinable
  public var hasOverflowed: Bool { count > buffer.count }

  /// How many bytes were written. Errors: `bufferFull`, whose offset is the size that would have been enough.
  @inlinable
  public func finish() throws(WireError) -> Int {
    guard !hasOverflowed else { throw WireError(.bufferFull, at: count) }
    return count
  }

  /// Where `size` more bytes go, if they fit.
  @inlinable
  mutating func reserve(_ size: Int) -> UnsafeMutableRawPointer? {
    let start = length
    length &+= size
    guard count <= buffer.count, let base = buffer.baseAddress else { return nil }
    return base + start
  }

  /// Writes a tag.
  @inlinable
  public mutating func writeTag(_ tag: WireTag) {
    writeVarint(UInt64(tag.rawValue))
  }

  /// Writes a varint in its shortest form.
  @inlinable
  public mutating func writeVarint(_ value: UInt64) {
    guard let target = reserve(WireWriter.varintLength(value)) else { return }
    WireWriter.store(value, at: target)
  }

  /// Writes four bytes, little-endian.
  @inlinable
  public mutating func writeFixed32(_ value: UInt32) {
    reserve(4)?.storeBytes(of: value.littleEndian, as: UInt32.self)
  }

  /// Writes eight bytes, little-endian.
  @inlinable
  public mutating func writeFixed64(_ value: UInt64) {
    reserve(8)?.storeBytes(of: value.littleEndian, as: UInt64.self)
  }

  /// Writes bytes without their length.
  @inlinable
  public mutating func writeRaw(_ bytes: UnsafeRawBufferPointer) {
    guard let target = reserve(bytes.count), let source = bytes.baseAddress else { return }
    target.copyMemory(from: source, byteCount: bytes.count)
  }

  /// Writes a length and the bytes that it counts.
  @inlinable
  public mutating func writeBytes(_ bytes: UnsafeRawBufferPointer) {
    writeVarint(UInt64(bytes.count))
    writeRaw(bytes)
  }

  /// Writes a tag, a length and a nested message, which `body` writes.
  ///
  /// One byte is set aside for the length; a message of 128 bytes or more is moved up to make room for the rest.
  @inlinable
  public mutating func writeMessage(_ tag: WireTag, _ body: (inout WireWriter) -> Void) {
    writeTag(tag)
    let start = count
    _ = reserve(1)
    body(&self)
    closeMessage(start)
  }

  @usableFromInline
  mutating func closeMessage(_ start: Int) {
    let length = count - start - 1
    let extra = WireWriter.varintLength(UInt64(length)) - 1
    _ = reserve(extra)
    guard !hasOverflowed, let target = buffer.baseAddress else { return }
    if extra > 0 {
      (target + start + 1 + extra).copyMemory(from: target + start + 1, byteCount: length)
    }
    WireWriter.store(UInt64(length), at: target + start)
  }

  /// How many bytes the shortest form of a varint takes: 1 to 10.
  @inlinable
  public static func varintLength(_ value: UInt64) -> Int {
    // Seven bits a byte, without a division: (9 × bits + 64) / 64 is that for 1 to 64 bits.
    (9 &* (64 &- (value | 1).leadingZeroBitCount) &+ 64) >> 6
  }

  /// Stores the shortest form of a varint where there is room for it.
  @inlinable
  static func store(_ value: UInt64, at target: UnsafeMutableRawPointer) {
    var rest = value
    var position = 0
    while rest >= 0x80 {
      target.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: position, as: UInt8.self)
      rest >>= 7
      position &+= 1
    }
    target.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: position, as: UInt8.self)
  }
}
