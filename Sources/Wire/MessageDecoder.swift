/// Where `Codable` asks for a message's values: one for a whole message, whatever is nested in it.
///
/// A message is read in two steps. When its keyed container is asked for, its fields are scanned and put into their
/// places, nested messages and lists unopened; then the values are made as `Codable` asks for them. So every byte is
/// looked at once for each level that it is nested in, in whatever order the fields come.
///
/// What the next container is for is in `schema` and `occurrences` (keyed), `field` and `occurrences` (unkeyed), or
/// `field` and `bits` (single value).
final class MessageDecoder: Decoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  let bytes: UnsafeRawBufferPointer
  var fields: DecodedFields
  private var nesting = WireLimits.maximumNesting
  private var wasOpened = false

  private(set) var schema: ProtobufSchema
  private(set) var occurrences: Occurrences
  private(set) var field: FieldLayout?
  private(set) var bits: UInt64 = 0

  /// `bytes` and `scratch` must outlive the decoder.
  init(
    _ bytes: UnsafeRawBufferPointer, schema: ProtobufSchema, scratch: UnsafeMutableBufferPointer<DecodedField>
  ) {
    self.bytes = bytes
    self.schema = schema
    fields = DecodedFields(scratch: scratch)
    let root = fields.open(1)
    fields[root] = DecodedField(bits: DecodedField.bits(of: WireSlice(offset: 0, length: bytes.count)))
    occurrences = Occurrences(first: root, isSingle: true)
  }

  func mismatch() -> WireError { WireError(.schemaMismatch, at: 0) }

  // MARK: Scanning

  /// Scans the message that `occurrences` are the pieces of; gives the place of its first field.
  func open(_ schema: ProtobufSchema, _ occurrences: Occurrences) throws(WireError) -> Int {
    wasOpened = true
    let first = fields.open(schema.layouts.count)
    var place = occurrences.first
    while place != 0 {
      try scan(fields[place].slice, schema, first)
      place = occurrences.isSingle ? 0 : Int(fields[place].next)
    }
    return first
  }

  private func scan(_ piece: WireSlice, _ schema: ProtobufSchema, _ first: Int) throws(WireError) {
    var reader = WireReader(bytes, from: piece.offset, to: piece.offset + piece.count, nesting: nesting)
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      guard let field = schema.layout(of: Int(tag.number)) else {
        try reader.skip(tag)
        continue
      }
      do {
        try scan(field, tag, &reader, schema, first)
      } catch {
        throw error.within(schema.fields[field.place].name)
      }
    }
  }

  private func scan(
    _ field: FieldLayout, _ tag: WireTag, _ reader: inout WireReader, _ schema: ProtobufSchema, _ first: Int
  ) throws(WireError) {
    guard tag == field.tag || (field.isPackable && tag.typeNumber == WireType.lengthDelimited.rawValue) else {
      return try reader.skip(tag)
    }
    let type = tag == field.tag ? field.kind.wireType : .lengthDelimited
    let bits: UInt64
    switch type {
    case .varint: bits = try reader.readVarint()
    case .fixed32: bits = UInt64(try reader.readFixed32())
    case .fixed64: bits = try reader.readFixed64()
    default: bits = DecodedField.bits(of: try reader.readSlice())
    }
    if field.isOneofMember {
      try dropSiblings(of: field, schema, first)
    }
    let place = first + field.place
    if field.isCollected {
      fields.append(bits: bits, type, to: place)
    } else {
      if field.kind == .string, fields[place].isPresent { try drop(fields[place].slice, field, schema) }
      fields[place] = DecodedField(bits: bits, next: 0, last: 1)
    }
  }

  // MARK: What is not kept must be well-formed all the same

  private func dropSiblings(
    of field: FieldLayout, _ schema: ProtobufSchema, _ first: Int
  ) throws(WireError) {
    for sibling in schema.siblings[field.place] where fields[first + sibling].isPresent {
      let dropped = fields[first + sibling]
      let layout = schema.layouts[sibling]
      fields[first + sibling] = DecodedField()
      guard layout.isCollected else {
        try drop(dropped.slice, layout, schema)
        continue
      }
      var place = Int(dropped.next)
      while place != 0 {
        try drop(fields[place].slice, layout, schema)
        place = Int(fields[place].next)
      }
    }
  }

  private func drop(_ slice: WireSlice, _ field: FieldLayout, _ schema: ProtobufSchema) throws(WireError) {
    guard field.kind.wireType == .lengthDelimited else { return }
    var reader = WireReader(bytes, from: slice.offset, to: slice.offset + slice.count, nesting: nesting)
    try reader.validateContents(of: field, schema)
  }

  // MARK: Values

  func text(_ slice: WireSlice) throws(WireError) -> String {
    guard let text = String(validating: slice.bytes(in: bytes), as: UTF8.self) else {
      throw WireError(.invalidUTF8, at: slice.offset)
    }
    return text
  }

  /// The value of a message's field, whatever it is; its default if the field is absent.
  func value<Value: Decodable>(
    _ type: Value.Type, _ field: FieldLayout, _ schema: ProtobufSchema, at place: Int
  ) throws -> Value {
    let found = fields[place]
    guard field.isCollected else { return try element(type, field, schema, found.bits) }
    let occurrences = Occurrences(first: Int(found.next), isSingle: false)
    if field.isRepeated {
      self.field = field
      self.schema = schema
      self.occurrences = occurrences
      return try Value(from: self)
    }
    if field.kind == .map { return try map(type, field, schema, occurrences) }
    return try message(type, field, schema, occurrences)
  }

  /// One value of a field that is no map and of which only one occurrence counts, or of a list.
  func element<Value: Decodable>(
    _ type: Value.Type, _ field: FieldLayout, _ schema: ProtobufSchema, _ bits: UInt64
  ) throws -> Value {
    if field.kind == .bytes {
      let slice = DecodedField(bits: bits).slice
      guard let value = exactly([UInt8](slice.bytes(in: bytes)), type) else { throw mismatch() }
      return value
    }
    self.field = field
    self.bits = bits
    return try Value(from: self)
  }

  /// The message that `occurrences` are the pieces of.
  func message<Value: Decodable>(
    _ type: Value.Type, _ field: FieldLayout, _ schema: ProtobufSchema, _ occurrences: Occurrences
  ) throws -> Value {
    try nested(field, schema, occurrences) { _ in try message(type) }
  }

  /// The message whose schema and pieces are in force.
  func message<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let schema = schema
    let occurrences = occurrences
    wasOpened = false
    let value = try Value(from: self)
    // A message without fields asks for nothing; its bytes must be well-formed all the same.
    if !wasOpened { _ = try open(schema, occurrences) }
    return value
  }

  /// Goes one level deeper for `body`, with the nested message's schema and pieces in force.
  private func nested<Result>(
    _ field: FieldLayout, _ schema: ProtobufSchema, _ occurrences: Occurrences,
    _ body: (ProtobufSchema) throws -> Result
  ) throws -> Result {
    guard let inner = schema.fields[field.place].type.schema?() else { throw mismatch() }
    guard nesting > 0 else { throw WireError(.nestingTooDeep, at: fields[occurrences.first].slice.offset) }
    let mark = fields.count
    nesting -= 1
    self.schema = inner
    self.occurrences = occurrences
    defer {
      fields.close(mark)
      nesting += 1
    }
    return try body(inner)
  }

  // MARK: Maps

  private func map<Map: Decodable>(
    _ type: Map.Type, _ field: FieldLayout, _ schema: ProtobufSchema, _ occurrences: Occurrences
  ) throws -> Map {
    if type == [String: String].self {
      let texts: [String: String] = try entries(field, schema, occurrences)
      if let map = exactly(texts, type) { return map }
    }
    guard let type = type as? any MapField.Type,
      let map = try type.read(from: self, field, schema, occurrences) as? Map
    else { throw mismatch() }
    return map
  }

  /// The entries of a map; of equal keys the last counts.
  func entries<Key: MapKey, Value: Decodable>(
    _ field: FieldLayout, _ schema: ProtobufSchema, _ occurrences: Occurrences
  ) throws -> [Key: Value] {
    var entries: [Key: Value] = [:]
    var place = occurrences.first
    while place != 0 {
      try nested(field, schema, Occurrences(first: place, isSingle: true)) { entry in
        let first = try open(entry, self.occurrences)
        let key = try value(Key.self, entry.layouts[0], entry, at: first)
        entries[key] = try value(Value.self, entry.layouts[1], entry, at: first + 1)
      }
      place = Int(fields[place].next)
    }
    return entries
  }

  // MARK: Decoder

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let first = try open(schema, occurrences)
    return KeyedDecodingContainer(FieldDecodingContainer<Key>(decoder: self, schema: schema, first: first))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let field, field.isRepeated else { throw mismatch() }
    return ListDecodingContainer(decoder: self, field: field, schema: schema, occurrences: occurrences)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    ValueDecodingContainer(decoder: self)
  }
}
