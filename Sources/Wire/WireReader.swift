/// Reads the proto3 wire format in place, checking every step; allocates nothing.
///
/// Offsets are bytes from the begin of what the reader was made for, also while it is confined to a nested message.
/// The bytes must outlive the reader: it is for use inside `withUnsafeBytes` only.
@frozen
public struct WireReader {
  /// Where offset 0 is. Not dereferenced at or past `limit`.
  @usableFromInline
  let base: UnsafeRawPointer

  @usableFromInline
  var position: Int

  @usableFromInline
  var end: Int

  @usableFromInline
  var nesting: Int

  /// The next byte's offset.
  @inlinable
  public var offset: Int { position }

  /// The offset at which the message that is being read ends.
  @inlinable
  public var limit: Int { end }

  /// How many more messages and groups may be opened inside this one.
  @inlinable
  public var remainingNesting: Int { nesting }

  /// A reader of a whole message.
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer) {
    self.init(bytes, from: 0, to: bytes.count, nesting: WireLimits.maximumNesting)
  }

  /// A reader of `bytes[start..<end]`, which must lie within `bytes`.
  @inlinable
  public init(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, nesting: Int) {
    // An empty buffer may have no address; any will do, for nothing is ever read from it.
    base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    position = start
    self.end = end
    self.nesting = nesting
  }

  /// Whether the message that is being read is at its end.
  @inlinable
  public var isAtEnd: Bool { offset == limit }

  /// The bytes from one offset to another that this reader has already accepted.
  @inlinable
  public func bytes(from start: Int, count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base + start, count: count)
  }

  // MARK: Scalars

  /// Reads a varint.
  ///
  /// Errors: `truncated`, `varintTooLong`. Bits beyond the 64th are dropped, and needless zero groups accepted, as
  /// protobuf does.
  @inlinable
  public mutating func readVarint() throws(WireError) -> UInt64 {
    guard offset < limit else { throw WireError(.truncated, at: offset) }
    let first = base.load(fromByteOffset: offset, as: UInt8.self)
    if first < 0x80 {
      position &+= 1
      return UInt64(first)
    }
    return try readLongVarint(maximumBytes: WireLimits.maximumVarintBytes)
  }

  @usableFromInline
  mutating func readLongVarint(maximumBytes: Int) throws(WireError) -> UInt64 {
    if end &- position >= 8 {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let length = WireReader.varintLength(inWord: word)
      if length <= min(8, maximumBytes) {
        position &+= length
        return WireReader.varint(inWord: word, length: length)
      }
    }
    return try readVarintByBytes(maximumBytes: maximumBytes)
  }

  /// How many bytes the varint takes that begins with the lowest byte of a little-endian word: 1 to 8, or 9 when it goes
  /// on behind the word.
  @inlinable
  @inline(__always)
  public static func varintLength(inWord word: UInt64) -> Int {
    (~word & UTF8Validation.highBits).trailingZeroBitCount >> 3 &+ 1
  }

  /// The varint of 1 to 8 bytes that begins with the lowest byte of a little-endian word.
  @inlinable
  @inline(__always)
  public static func varint(inWord word: UInt64, length: Int) -> UInt64 {
    // Groups of seven bits in the bytes of a word; each time two neighbours are put together.
    let sevens = word & (UInt64.max &>> (64 &- 8 &* UInt64(length))) & 0x7f7f_7f7f_7f7f_7f7f
    let pairs = sevens & 0x007f_007f_007f_007f | (sevens & 0x7f00_7f00_7f00_7f00) >> 1
    let fours = pairs & 0x0000_3fff_0000_3fff | (pairs & 0x3fff_0000_3fff_0000) >> 2
    return fours & 0x0000_0000_0fff_ffff | (fours & 0x0fff_ffff_0000_0000) >> 4
  }

  private mutating func readVarintByBytes(maximumBytes: Int) throws(WireError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    var shift: UInt64 = 0
    for next in start..<min(end, start + maximumBytes) {
      let byte = base.load(fromByteOffset: next, as: UInt8.self)
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 {
        position = next + 1
        return value
      }
      shift &+= 7
    }
    throw WireError(end - start < maximumBytes ? .truncated : .varintTooLong, at: start)
  }

  /// Reads four bytes, little-endian. Errors: `truncated`.
  @inlinable
  public mutating func readFixed32() throws(WireError) -> UInt32 {
    guard limit &- offset >= 4 else { throw WireError(.truncated, at: offset) }
    defer { position &+= 4 }
    return UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Reads eight bytes, little-endian. Errors: `truncated`.
  @inlinable
  public mutating func readFixed64() throws(WireError) -> UInt64 {
    guard limit &- offset >= 8 else { throw WireError(.truncated, at: offset) }
    defer { position &+= 8 }
    return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  // MARK: Structure

  /// Reads a tag.
  ///
  /// Errors: `truncated`, `varintTooLong`, `invalidFieldNumber`, `invalidWireType`.
  @inlinable
  public mutating func readTag() throws(WireError) -> WireTag {
    guard offset < limit else { throw WireError(.truncated, at: offset) }
    let first = UInt32(base.load(fromByteOffset: offset, as: UInt8.self))
    // One byte, a number that is not 0 and a wire type below 6: nearly every tag there is.
    if first < 0x80, first >= 8, first & 7 < 6 {
      position &+= 1
      return WireTag(unchecked: first)
    }
    if first >= 0x80, end &- position >= 2 {
      // Two bytes: field numbers from 16 to 2047.
      let second = UInt32(base.load(fromByteOffset: position &+ 1, as: UInt8.self))
      let value = first & 0x7f | second << 7
      if second < 0x80, value >= 8, value & 7 < 6 {
        position &+= 2
        return WireTag(unchecked: value)
      }
    }
    return try readLongTag()
  }

  @usableFromInline
  mutating func readLongTag() throws(WireError) -> WireTag {
    let start = offset
    let value = try readLongVarint(maximumBytes: WireLimits.maximumTagBytes)
    guard value <= UInt32.max, value >= 8 else { throw WireError(.invalidFieldNumber, at: start) }
    guard value & 7 < 6 else { throw WireError(.invalidWireType, at: start) }
    return WireTag(unchecked: UInt32(value))
  }

  /// Reads the length before a text, bytes or a nested message, and checks that they are all there.
  ///
  /// Errors: `truncated`, `varintTooLong`, `lengthPastEnd`.
  @inlinable
  @inline(__always)
  public mutating func readLength() throws(WireError) -> Int {
    guard offset < limit else { throw WireError(.truncated, at: offset) }
    let start = offset
    let first = base.load(fromByteOffset: offset, as: UInt8.self)
    var length = UInt64(first)
    if first < 0x80 {
      position &+= 1
    } else {
      length = try readLongVarint(maximumBytes: WireLimits.maximumVarintBytes)
    }
    guard length <= UInt64(truncatingIfNeeded: limit &- offset) else { throw WireError(.lengthPastEnd, at: start) }
    return Int(truncatingIfNeeded: length)
  }

  /// Reads a length and steps over the bytes that it counts; gives where they begin and how many they are.
  ///
  /// Errors: those of `readLength`.
  @inlinable
  public mutating func readSlice() throws(WireError) -> WireSlice {
    let length = try readLength()
    defer { position &+= length }
    return WireSlice(offset: offset, length: length)
  }

  /// Reads a text. Errors: those of `readLength`, `invalidUTF8`.
  public mutating func readText() throws(WireError) -> WireSlice {
    let length = try readLength()
    guard UTF8Validation.isValid(bytes(from: offset, count: length)) else {
      throw WireError(.invalidUTF8, at: offset)
    }
    let start = position
    position &+= length
    return WireSlice(offset: start, length: length)
  }

  /// Confines the reader to the nested message that begins here, whose length it reads; `leaveMessage` with what this
  /// gives ends it.
  ///
  /// Errors: those of `readLength`, `nestingTooDeep`.
  @inlinable
  public mutating func enterMessage() throws(WireError) -> Int {
    let length = try readLength()
    guard nesting > 0 else { throw WireError(.nestingTooDeep, at: offset) }
    nesting &-= 1
    defer { end = offset &+ length }
    return limit
  }

  /// Frees the reader from a nested message that was read to its end.
  @inlinable
  public mutating func leaveMessage(_ outerLimit: Int) {
    end = outerLimit
    nesting &+= 1
  }
}
