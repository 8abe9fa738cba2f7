/// Where the entries of a `map<string, string>` lie within the message that was read: a plain value that owns nothing.
@frozen
public struct TextMapSlice: Equatable, Sendable {
  /// What stands before every entry; 0 as long as there is none.
  @usableFromInline
  var tag: UInt32 = 0

  /// How many entries there are on the wire. Equal keys are not sought: the last one's value counts.
  public internal(set) var count: UInt32 = 0

  /// From the first entry's tag to the last one's end, with whatever other fields stand between.
  @usableFromInline
  var extent = WireSlice()

  /// No entries.
  public init() {}

  /// Whether there are no entries.
  public var isEmpty: Bool { count == 0 }

  /// Reads the entry whose tag, at `start`, has just been read; all must belong to one piece of one message.
  ///
  /// Errors: those of `ProtobufDecoder`.
  public mutating func read(_ reader: inout WireReader, _ tag: WireTag, from start: Int) throws(WireError) {
    _ = try reader.readTextEntry()
    let first = isEmpty ? start : extent.offset
    self.tag = tag.rawValue
    count += 1
    extent = WireSlice(offset: first, length: reader.offset - first)
  }

  /// The entries in the order of the wire, within the message that was read (and no other).
  public func entries(in message: UnsafeRawBufferPointer) -> TextMapEntries {
    TextMapEntries(self, message)
  }
}

extension WireReader {
  /// Reads a map's entry: its length, its key and its value.
  mutating func readTextEntry() throws(WireError) -> TextMapEntries.Element {
    let outer = try enterMessage()
    var key = WireSlice()
    var value = WireSlice()
    while !isAtEnd {
      let tag = try readTag()
      switch tag {
      case WireTag(1, .lengthDelimited): key = try readText()
      case WireTag(2, .lengthDelimited): value = try readText()
      default: try skip(tag)
      }
    }
    leaveMessage(outer)
    return (key, value)
  }
}
