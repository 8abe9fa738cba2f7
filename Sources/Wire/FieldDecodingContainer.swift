/// Gives a message's fields, which have been scanned.
///
/// The references are not counted, for `Codable` copies containers all the time: the decoder outlives the call in which
/// it gives this out, and schemas live for as long as the program.
struct FieldDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  unowned(unsafe) let decoder: MessageDecoder
  unowned(unsafe) let schema: ProtobufSchema

  /// The place of the message's first field.
  let first: Int

  var codingPath: [any CodingKey] { [] }

  var allKeys: [Key] {
    schema.fields.indices.filter { decoder.found(at: first + $0).isPresent }
      .compactMap { Key(intValue: schema.fields[$0].number) }
  }

  @inline(__always)
  private func layout(_ key: Key) -> UnsafePointer<FieldLayout>? {
    schema.layout(of: key.intValue ?? 0)
  }

  func contains(_ key: Key) -> Bool {
    decoder.contains(layout(key), first)
  }

  func decodeNil(forKey key: Key) -> Bool {
    !decoder.contains(layout(key), first)
  }

  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    try decoder.text(layout(key), schema, first)
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder.number(layout(key), schema, first) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder.number(layout(key), schema, first) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder.number(layout(key), schema, first) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder.number(layout(key), schema, first) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder.number(layout(key), schema, first) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder.number(layout(key), schema, first) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder.number(layout(key), schema, first) }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder.value(type, layout(key), schema, first)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    let field = layout(key)
    return decoder.contains(field, first) ? try decoder.value(type, field, schema, first) : nil
  }

  // MARK: What messages do not do

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { throw decoder.mismatch() }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw decoder.mismatch() }

  func superDecoder() throws -> any Decoder { throw decoder.mismatch() }

  func superDecoder(forKey key: Key) throws -> any Decoder { throw decoder.mismatch() }
}
