/// Where `Codable` hands over a message's values: one for a whole message, whatever is nested in it.
///
/// What comes next is known from the schema: `schema` when a keyed container is asked for, `field` else. Containers hold
/// no more than references to this, for `Codable` asks for one with every message.
final class MessageEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  /// Behind a pointer, for accesses to a class's own properties are checked at run time, every one of them. Only the
  /// encoder writes through it, from the one call that it lives in.
  private let output: UnsafeMutablePointer<OutputBuffer>

  /// A schema lives for as long as the program, so it need not be counted.
  private unowned(unsafe) var schema: ProtobufSchema
  private var nesting = 0

  typealias Field = UnsafePointer<FieldLayout>

  /// What values outside a keyed container belong to.
  private(set) var field: Field?
  private(set) var form = Form.field

  /// How values are told from others that stand beside them.
  enum Form {
    /// Behind a tag; left out when it is the default and the field has no explicit presence.
    case field
    /// Behind a tag, default or not.
    case element
    /// Among others of a packed field, without a tag.
    case packed
  }

  /// `output` must outlive the encoder.
  init(schema: ProtobufSchema, output: UnsafeMutablePointer<OutputBuffer>) {
    self.schema = schema
    self.output = output
  }

  func mismatch() -> WireError {
    WireError(.schemaMismatch, at: output.pointee.count)
  }

  // MARK: Values

  /// Writes a number. Errors: `schemaMismatch`.
  func write<Value: WireScalar>(_ value: Value, _ field: Field?, _ form: Form) throws {
    guard let field, let bits = value.bits(as: field.pointee.kind), !field.pointee.isRepeated || form != .field else {
      throw mismatch()
    }
    if form == .field, bits == 0, !field.pointee.isExplicit { return }
    if form != .packed { output.pointee.writeTag(field.pointee.tag) }
    output.pointee.write(bits: bits, as: field.pointee.kind.wireType)
  }

  /// Writes a text. Errors: `schemaMismatch`.
  func write(_ text: String, _ field: Field?, _ form: Form) throws {
    guard let field, field.pointee.kind == .string, !field.pointee.isRepeated || form != .field else {
      throw mismatch()
    }
    if form == .field, text.isEmpty, !field.pointee.isExplicit { return }
    output.pointee.writeTag(field.pointee.tag)
    var text = text
    text.withUTF8 { output.pointee.writeBytes(UnsafeRawBufferPointer($0)) }
  }

  private func write(_ bytes: [UInt8], _ field: Field, _ form: Form) {
    if form == .field, bytes.isEmpty, !field.pointee.isExplicit { return }
    output.pointee.writeTag(field.pointee.tag)
    bytes.withUnsafeBytes { output.pointee.writeBytes($0) }
  }

  /// Writes a message's field, whatever it is. Errors: those of what it holds.
  func writeField<Value: Encodable>(_ value: Value, _ field: Field?) throws {
    guard let field else { throw mismatch() }
    if field.pointee.isRepeated {
      try writeList(value, field)
    } else if field.pointee.kind == .map {
      try writeMap(value, field)
    } else {
      try write(value, field, .field)
    }
  }

  /// Writes a value of a field that is no map, or an element of a list.
  func write<Value: Encodable>(_ value: Value, _ field: Field, _ form: Form) throws {
    switch field.pointee.kind {
    case .message:
      try writeNested(field) { try value.encode(to: self) }
    case .bytes:
      guard let bytes = exactly(value, [UInt8].self) else { throw mismatch() }
      write(bytes, field, form)
    default:
      self.field = field
      self.form = form
      try value.encode(to: self)
    }
  }

  /// Writes a nested message's tag and length around what `body` writes of it, its schema in force meanwhile.
  private func writeNested(_ field: Field, _ body: () throws -> Void) throws {
    let outer = schema
    do {
      guard nesting < WireLimits.maximumNesting else { throw WireError(.nestingTooDeep, at: output.pointee.count) }
      guard let inner = outer.schema(of: field) else { throw mismatch() }
      output.pointee.writeTag(field.pointee.tag)
      let start = output.pointee.openLength()
      schema = inner
      nesting += 1
      try body()
      nesting -= 1
      schema = outer
      output.pointee.closeLength(start)
    } catch let error as WireError {
      throw error.within(outer.name(of: field))
    }
  }

  // MARK: Lists

  private func writeList<List: Encodable>(_ list: List, _ field: Field) throws {
    self.field = field
    guard field.pointee.isPacked else {
      form = .element
      return try list.encode(to: self)
    }
    let start = output.pointee.count
    output.pointee.writeTag(WireTag(field.pointee.tag.number, .lengthDelimited))
    let contents = output.pointee.openLength()
    form = .packed
    try list.encode(to: self)
    // An empty list is not written at all.
    if output.pointee.count == contents {
      output.pointee.truncate(to: start)
    } else {
      output.pointee.closeLength(contents)
    }
  }

  // MARK: Maps

  private func writeMap<Map: Encodable>(_ map: Map, _ field: Field) throws {
    if let texts = exactly(map, [String: String].self) { return try writeEntries(texts, field) }
    guard let map = map as? any MapField else { throw mismatch() }
    try map.write(to: self, field)
  }

  /// Writes a dictionary's entries, each a message of key and value that are both always there, in the keys' order.
  func writeEntries<Key: MapKey, Value: Encodable>(_ map: [Key: Value], _ field: Field) throws {
    guard !map.isEmpty else { return }
    for key in map.keys.sorted(by: Key.precedes) {
      guard let value = map[key] else { continue }
      try writeNested(field) {
        let entry = schema.index.layouts
        try write(key, entry, .field)
        try write(value, entry + 1, .field)
      }
    }
  }

  // MARK: Encoder

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(FieldEncodingContainer<Key>(encoder: .passUnretained(self), index: schema.index))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    ListEncodingContainer(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    ValueEncodingContainer(encoder: self)
  }
}
