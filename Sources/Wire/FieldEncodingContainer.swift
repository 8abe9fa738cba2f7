/// Writes a message's fields, each as its schema says.
///
/// The reference is not counted, for `Codable` copies containers all the time: the encoder outlives the call in which
/// it gives this out, and the index belongs to a schema, which lives for as long as the program.
struct FieldEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: Unmanaged<MessageEncoder>
  let index: FieldIndex

  var codingPath: [any CodingKey] { [] }

  @inline(__always)
  private func layout(_ key: Key) -> UnsafePointer<FieldLayout>? {
    index.layout(of: key.intValue ?? 0)
  }

  @inline(__always)
  private func write(_ body: (MessageEncoder) throws -> Void) throws {
    try encoder._withUnsafeGuaranteedRef { try body($0) }
  }

  func encode(_ value: String, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: Bool, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: Double, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: Float, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: Int32, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: Int64, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: UInt32, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }
  func encode(_ value: UInt64, forKey key: Key) throws { try write { try $0.write(value, layout(key), .field) } }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    try write { try $0.writeField(value, layout(key)) }
  }

  func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
    if let value { try write { try $0.writeField(value, layout(key)) } }
  }

  // MARK: What messages do not do

  func encodeNil(forKey key: Key) throws { throw encoder.takeUnretainedValue().mismatch() }

  // The protocol lets none of these throw; a message whose code asks for them writes into the message itself.

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> { encoder.takeUnretainedValue().container(keyedBy: keyType) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder.takeUnretainedValue().unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder.takeUnretainedValue() }

  func superEncoder(forKey key: Key) -> any Encoder { encoder.takeUnretainedValue() }
}
