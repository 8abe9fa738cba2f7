/// Where `Codable` hands over a message's values: one for a whole message, whatever is nested in it.
///
/// What comes next is known from the schema: `schema` when a keyed container is asked for, `field` else.
final class MessageEncoder: Encoder {
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  var output: OutputBuffer
  private(set) var schema: ProtobufSchema
  private(set) var field: FieldLayout?
  private(set) var form = Form.field
  private var nesting = 0

  /// How values are told from others that stand beside them.
  enum Form {
    /// Behind a tag; left out when it is the default and the field has no explicit presence.
    case field
    /// Behind a tag, default or not.
    case element
    /// Among others of a packed field, without a tag.
    case packed
  }

  init(schema: ProtobufSchema, scratch: UnsafeMutableRawBufferPointer) {
    self.schema = schema
    output = OutputBuffer(scratch: scratch)
  }

  func error(_ code: WireError.Code) -> WireError {
    WireError(code, at: output.count)
  }

  // MARK: Values

  func write(bits: UInt64, _ field: FieldLayout, _ form: Form) {
    if form == .field, bits == 0, !field.isExplicit { return }
    if form != .packed { output.writeTag(field.tag) }
    output.write(bits: bits, as: field.kind.wireType)
  }

  func write(_ text: String, _ field: FieldLayout, _ form: Form) {
    if form == .field, text.isEmpty, !field.isExplicit { return }
    output.writeTag(field.tag)
    var text = text
    text.withUTF8 { output.writeBytes(UnsafeRawBufferPointer($0)) }
  }

  private func write(_ bytes: [UInt8], _ field: FieldLayout, _ form: Form) {
    if form == .field, bytes.isEmpty, !field.isExplicit { return }
    output.writeTag(field.tag)
    bytes.withUnsafeBytes { output.writeBytes($0) }
  }

  /// Writes a value of a field that is no list and no map.
  func write<Value: Encodable>(_ value: Value, _ field: FieldLayout, _ form: Form) throws {
    switch field.kind {
    case .message: try writeMessage(value, field)
    case .bytes:
      guard let bytes = exactly(value, [UInt8].self) else { throw error(.schemaMismatch) }
      write(bytes, field, form)
    default:
      self.field = field
      self.form = form
      try value.encode(to: self)
    }
  }

  private func writeMessage<Value: Encodable>(_ value: Value, _ field: FieldLayout) throws {
    try writeNested(field) { try value.encode(to: self) }
  }

  /// Writes a nested message's tag and length around what `body` writes of it, its schema in force meanwhile.
  private func writeNested(_ field: FieldLayout, _ body: () throws -> Void) throws {
    let outer = schema
    do {
      guard nesting < WireLimits.maximumNesting else { throw error(.nestingTooDeep) }
      guard let inner = outer.fields[field.place].type.schema?() else { throw error(.schemaMismatch) }
      output.writeTag(field.tag)
      let start = output.openLength()
      schema = inner
      nesting += 1
      try body()
      nesting -= 1
      schema = outer
      output.closeLength(start)
    } catch let error as WireError {
      throw error.within(outer.fields[field.place].name)
    }
  }

  // MARK: Lists

  func writeList<List: Encodable>(_ list: List, _ field: FieldLayout) throws {
    self.field = field
    guard field.isPacked else {
      form = .element
      return try list.encode(to: self)
    }
    let start = output.count
    output.writeTag(field.tag)
    let contents = output.openLength()
    form = .packed
    try list.encode(to: self)
    // An empty list is not written at all.
    if output.count == contents { output.truncate(to: start) } else { output.closeLength(contents) }
  }

  // MARK: Maps

  func writeMap<Map: Encodable>(_ map: Map, _ field: FieldLayout) throws {
    if let texts = exactly(map, [String: String].self) { return try writeEntries(texts, field) }
    guard let map = map as? any MapField else { throw error(.schemaMismatch) }
    try map.write(to: self, field)
  }

  /// Writes a dictionary's entries, each a message of key and value that are both always there, in the keys' order.
  func writeEntries<Key: MapKey, Value: Encodable>(_ map: [Key: Value], _ field: FieldLayout) throws {
    for key in map.keys.sorted(by: Key.precedes) {
      guard let value = map[key] else { continue }
      try writeNested(field) {
        try write(key, schema.layouts[0], .field)
        try write(value, schema.layouts[1], .field)
      }
    }
  }

  // MARK: Encoder

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(FieldEncodingContainer<Key>(encoder: self, schema: schema))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    ListEncodingContainer(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    ValueEncodingContainer(encoder: self)
  }
}
