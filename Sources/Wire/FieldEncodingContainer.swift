/// Writes a message's fields, each as its schema says.
///
/// The references are not counted, for `Codable` copies containers all the time: the encoder outlives the call in which
/// it gives this out, and schemas live for as long as the program.
struct FieldEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  unowned(unsafe) let encoder: MessageEncoder
  unowned(unsafe) let schema: ProtobufSchema

  var codingPath: [any CodingKey] { [] }

  @inline(__always)
  private func layout(_ key: Key) -> UnsafePointer<FieldLayout>? {
    schema.layout(of: key.intValue ?? 0)
  }

  func encode(_ value: String, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: Bool, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: Double, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: Float, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: Int32, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: Int64, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: UInt32, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }
  func encode(_ value: UInt64, forKey key: Key) throws { try encoder.write(value, layout(key), .field) }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try encoder.writeField(value, layout(key))
  }

  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    if let value { try encoder.writeField(value, layout(key)) }
  }

  // MARK: What messages do not do

  func encodeNil(forKey key: Key) throws { throw encoder.mismatch() }

  // The protocol lets none of these throw; a message whose code asks for them writes into the message itself.

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { encoder.container(keyedBy: keyType) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }

  func superEncoder() -> any Encoder { encoder }

  func superEncoder(forKey key: Key) -> any Encoder { encoder }
}
