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

  /// Behind a pointer, for accesses to a class's own properties are checked at run time, every one of them. Only the
  /// decoder writes through it, from the one call that it lives in.
  private let stack: UnsafeMutablePointer<DecodedFields>

  private var nesting = WireLimits.maximumNesting
  private var wasOpened = false

  typealias Field = UnsafePointer<FieldLayout>

  /// A schema lives for as long as the program, so it need not be counted.
  private unowned(unsafe) var schema: ProtobufSchema
  private var occurrences: Occurrences
  private(set) var field: Field?
  private(set) var bits: UInt64 = 0

  /// `bytes` and `stack` must outlive the decoder.
  init(_ bytes: UnsafeRawBufferPointer, schema: ProtobufSchema, stack: UnsafeMutablePointer<DecodedFields>) {
    self.bytes = bytes
    self.schema = schema
    self.stack = stack
    let root = stack.pointee.open(1)
    stack.pointee[root] = DecodedField(bits: DecodedField.bits(of: WireSlice(offset: 0, length: bytes.count)))
    occurrences = Occurrences(first: root, isSingle: true)
  }

  func mismatch() -> WireError { WireError(.schemaMismatch, at: 0) }

  /// What has been read of the field or occurrence at a place.
  func found(at place: Int) -> DecodedField { stack.pointee[place] }

  // MARK: Scanning

  /// Scans the message that `occurrences` are the pieces of; gives the place of its first field.
  func open(_ schema: ProtobufSchema, _ occurrences: Occurrences) throws(WireError) -> Int {
    wasOpened = true
    let first = stack.pointee.open(schema.fields.count)
    var place = occurrences.first
    while place != 0 {
      try scan(found(at: place).slice, schema, first)
      place = occurrences.isSingle ? 0 : Int(found(at: place).next)
    }
    return first
  }

  private func scan(_ piece: WireSlice, _ schema: ProtobufSchema, _ first: Int) throws(WireError) {
    var reader = WireReader(bytes, from: piece.offset, to: piece.offset + piece.count, nesting: nesting)
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      guard let field = schema.index.layout(of: Int(tag.number)) else {
        try reader.skip(tag)
        continue
      }
      do {
        try scan(field, tag, &reader, schema, first)
      } catch {
        throw error.within(schema.name(of: field))
      }
    }
  }

  private func scan(
    _ field: Field, _ tag: WireTag, _ reader: inout WireReader, _ schema: ProtobufSchema, _ first: Int
  ) throws(WireError) {
    guard tag == field.pointee.tag || (field.pointee.isPackable && tag.typeNumber == WireType.lengthDelimited.rawValue)
    else {
      return try reader.skip(tag)
    }
    let type = tag == field.pointee.tag ? field.pointee.kind.wireType : .lengthDelimited
    let bits: UInt64
    switch type {
    case .varint: bits = try reader.readVarint()
    case .fixed32: bits = UInt64(try reader.readFixed32())
    case .fixed64: bits = try reader.readFixed64()
    default: bits = DecodedField.bits(of: try reader.readSlice())
    }
    if field.pointee.isOneofMember {
      try dropSiblings(of: field, schema, first)
    }
    let place = first + Int(field.pointee.place)
    if field.pointee.isCollected {
      stack.pointee.append(bits: bits, type, to: place)
    } else {
      if field.pointee.kind == .string, found(at: place).isPresent { try drop(found(at: place).slice, field, schema) }
      stack.pointee[place] = DecodedField(bits: bits, next: 0, last: 1)
    }
  }

  // MARK: What is not kept must be well-formed all the same

  private func dropSiblings(
    of field: Field, _ schema: ProtobufSchema, _ first: Int
  ) throws(WireError) {
    for sibling in schema.siblings[Int(field.pointee.place)] where found(at: first + sibling).isPresent {
      let dropped = found(at: first + sibling)
      let layout = schema.index.layouts + sibling
      stack.pointee[first + sibling] = DecodedField()
      guard layout.pointee.isCollected else {
        try drop(dropped.slice, layout, schema)
        continue
      }
      var place = Int(dropped.next)
      while place != 0 {
        try drop(found(at: place).slice, layout, schema)
        place = Int(found(at: place).next)
      }
    }
  }

  private func drop(_ slice: WireSlice, _ field: Field, _ schema: ProtobufSchema) throws(WireError) {
    guard field.pointee.kind.wireType == .lengthDelimited else { return }
    var reader = WireReader(bytes, from: slice.offset, to: slice.offset + slice.count, nesting: nesting)
    try reader.validateContents(of: field, schema)
  }

  // MARK: Values

  func text(_ slice: WireSlice) throws(WireError) -> String {
    let utf8 = slice.bytes(in: bytes)
    guard UTF8Validation.isValid(utf8) else { throw WireError(.invalidUTF8, at: slice.offset) }
    return String(decoding: utf8, as: UTF8.self)
  }

  /// Whether the message whose first field is at `first` has the field.
  func contains(_ field: Field?, _ first: Int) -> Bool {
    guard let field else { return false }
    return found(at: first + Int(field.pointee.place)).isPresent
  }

  /// A number of the message whose first field is at `first`.
  func number<Value: WireScalar>(_ field: Field?, _ first: Int) throws -> Value {
    guard let field, !field.pointee.isRepeated,
      let value = Value(bits: found(at: first + Int(field.pointee.place)).bits, as: field.pointee.kind)
    else { throw mismatch() }
    return value
  }

  /// A text of the message whose first field is at `first`.
  func text(_ field: Field?, _ schema: Unmanaged<ProtobufSchema>, _ first: Int) throws -> String {
    guard let field, field.pointee.kind == .string, !field.pointee.isRepeated else { throw mismatch() }
    do {
      return try text(found(at: first + Int(field.pointee.place)).slice)
    } catch {
      throw error.within(schema.takeUnretainedValue().name(of: field))
    }
  }

  /// Whatever a field of the message whose first field is at `first` holds.
  func value<Value: Decodable>(
    _ type: Value.Type, _ field: Field?, _ schema: Unmanaged<ProtobufSchema>, _ first: Int
  ) throws -> Value {
    guard let field else { throw mismatch() }
    do {
      let place = first + Int(field.pointee.place)
      return try schema._withUnsafeGuaranteedRef { try value(type, field, $0, at: place) }
    } catch let error as WireError {
      throw error.within(schema.takeUnretainedValue().name(of: field))
    }
  }

  /// The value of a message's field, whatever it is; its default if the field is absent.
  func value<Value: Decodable>(
    _ type: Value.Type, _ field: Field, _ schema: ProtobufSchema, at place: Int
  ) throws -> Value {
    let found = found(at: place)
    guard field.pointee.isCollected else { return try element(type, field, schema, found.bits) }
    let occurrences = Occurrences(first: Int(found.next), isSingle: false)
    if field.pointee.isRepeated {
      self.field = field
      self.schema = schema
      self.occurrences = occurrences
      return try Value(from: self)
    }
    if field.pointee.kind == .map { return try map(type, field, schema, occurrences) }
    return try message(type, field, schema, occurrences)
  }

  /// One value of a field that is no map and of which only one occurrence counts, or of a list.
  func element<Value: Decodable>(
    _ type: Value.Type, _ field: Field, _ schema: ProtobufSchema, _ bits: UInt64
  ) throws -> Value {
    if field.pointee.kind == .bytes {
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
    _ type: Value.Type, _ field: Field, _ schema: ProtobufSchema, _ occurrences: Occurrences
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
    _ field: Field, _ schema: ProtobufSchema, _ occurrences: Occurrences,
    _ body: (ProtobufSchema) throws -> Result
  ) throws -> Result {
    guard let inner = schema.schema(of: field) else { throw mismatch() }
    guard nesting > 0 else { throw WireError(.nestingTooDeep, at: found(at: occurrences.first).slice.offset) }
    let mark = stack.pointee.count
    nesting -= 1
    self.schema = inner
    self.occurrences = occurrences
    defer {
      stack.pointee.close(mark)
      nesting += 1
    }
    return try body(inner)
  }

  // MARK: Maps

  private func map<Map: Decodable>(
    _ type: Map.Type, _ field: Field, _ schema: ProtobufSchema, _ occurrences: Occurrences
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
    _ field: Field, _ schema: ProtobufSchema, _ occurrences: Occurrences
  ) throws -> [Key: Value] {
    var entries: [Key: Value] = [:]
    var place = occurrences.first
    while place != 0 {
      try nested(field, schema, Occurrences(first: place, isSingle: true)) { entry in
        let first = try open(entry, self.occurrences)
        let key = try value(Key.self, entry.index.layouts, entry, at: first)
        entries[key] = try value(Value.self, entry.index.layouts + 1, entry, at: first + 1)
      }
      place = Int(found(at: place).next)
    }
    return entries
  }

  // MARK: Decoder

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let first = try open(schema, occurrences)
    return KeyedDecodingContainer(
      FieldDecodingContainer<Key>(
        decoder: .passUnretained(self), schema: .passUnretained(schema), index: schema.index, first: first))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let field, field.pointee.isRepeated else { throw mismatch() }
    return ListDecodingContainer(decoder: self, field: field, schema: schema, occurrences: occurrences)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    ValueDecodingContainer(decoder: self)
  }
}
