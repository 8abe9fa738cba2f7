/// Writes a message's fields, each as its schema says.
struct FieldEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: MessageEncoder
  let schema: ProtobufSchema

  var codingPath: [any CodingKey] { [] }

  private func layout(_ key: Key) throws -> FieldLayout {
    guard let number = key.intValue, let field = schema.layout(of: number) else { throw unsupported(key) }
    return field
  }

  private func unsupported(_ key: Key) -> WireError {
    encoder.error(.schemaMismatch).within(key.stringValue)
  }

  private func write<Value: WireScalar>(_ value: Value, _ key: Key) throws {
    let field = try layout(key)
    guard let bits = value.bits(as: field.kind), !field.isRepeated else { throw unsupported(key) }
    encoder.write(bits: bits, field, .field)
  }

  private func write(_ text: String, _ key: Key) throws {
    let field = try layout(key)
    guard field.kind == .string, !field.isRepeated else { throw unsupported(key) }
    encoder.write(text, field, .field)
  }

  mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    let field = try layout(key)
    if field.isRepeated {
      try encoder.writeList(value, field)
    } else if field.kind == .map {
      try encoder.writeMap(value, field)
    } else {
      try encoder.write(value, field, .field)
    }
  }

  mutating func encode(_ value: Bool, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: String, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: Double, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: Float, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: Int32, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: Int64, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: UInt32, forKey key: Key) throws { try write(value, key) }
  mutating func encode(_ value: UInt64, forKey key: Key) throws { try write(value, key) }

  // MARK: What messages do not do

  mutating func encodeNil(forKey key: Key) throws { throw unsupported(key) }

  // The protocol lets none of these throw; a message whose code asks for them writes into the message itself.

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { encoder.container(keyedBy: keyType) }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }

  mutating func superEncoder() -> any Encoder { encoder }

  mutating func superEncoder(forKey key: Key) -> any Encoder { encoder }
}
