/// Gives the elements of a repeated field, one after the other, packed or not.
struct ListDecodingContainer: UnkeyedDecodingContainer {
  let decoder: MessageDecoder
  let field: UnsafePointer<FieldLayout>
  let schema: ProtobufSchema

  /// The occurrence that holds the next element, 0 at the end.
  private var place: Int

  /// What is left of that occurrence when it is packed.
  private var packed: WireReader?

  private(set) var currentIndex = 0

  let codingPath: [any CodingKey] = []

  init(decoder: MessageDecoder, field: UnsafePointer<FieldLayout>, schema: ProtobufSchema, occurrences: Occurrences) {
    self.decoder = decoder
    self.field = field
    self.schema = schema
    place = occurrences.first
    settle()
  }

  /// Not known before packed elements have been read.
  var count: Int? { nil }

  var isAtEnd: Bool { place == 0 }

  /// Looks into the occurrence at `place` if it is packed, and steps over those that are packed and empty.
  private mutating func settle() {
    while place != 0 {
      let occurrence = decoder.found(at: place)
      guard field.pointee.isPackable, occurrence.last == Int32(WireType.lengthDelimited.rawValue) else { return }
      let end = occurrence.slice.offset + occurrence.slice.count
      packed = WireReader(decoder.bytes, from: occurrence.slice.offset, to: end, nesting: 0)
      if !occurrence.slice.isEmpty { return }
      place = Int(occurrence.next)
    }
  }

  /// Reads a packed element, and goes on when it was the occurrence's last.
  private mutating func nextPacked(_ reader: WireReader) throws(WireError) -> UInt64 {
    var reader = reader
    let bits: UInt64
    switch field.pointee.kind.wireType {
    case .fixed32: bits = UInt64(try reader.readFixed32())
    case .fixed64: bits = try reader.readFixed64()
    default: bits = try reader.readVarint()
    }
    packed = reader
    if reader.isAtEnd { advance() }
    return bits
  }

  private mutating func advance() {
    packed = nil
    place = Int(decoder.found(at: place).next)
    settle()
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    guard !isAtEnd else { throw decoder.mismatch() }
    currentIndex += 1
    if let packed { return try decoder.element(type, field, schema, nextPacked(packed)) }
    let occurrence = place
    advance()
    guard field.pointee.kind == .message else {
      return try decoder.element(type, field, schema, decoder.found(at: occurrence).bits)
    }
    return try decoder.message(type, field, schema, Occurrences(first: occurrence, isSingle: true))
  }

  // MARK: What lists do not hold

  mutating func decodeNil() -> Bool { false }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> { throw decoder.mismatch() }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw decoder.mismatch() }

  mutating func superDecoder() throws -> any Decoder { throw decoder.mismatch() }
}
