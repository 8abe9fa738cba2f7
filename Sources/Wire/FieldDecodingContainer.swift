/// Gives a message's fields, which have been scanned.
///
/// The references are not counted, for `Codable` copies containers all the time: the decoder outlives the call in which
/// it gives this out, and schemas live for as long as the program.
struct FieldDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: Unmanaged<MessageDecoder>
  let schema: Unmanaged<ProtobufSchema>
  let index: FieldIndex

  /// The place of the message's first field.
  let first: Int

  var codingPath: [any CodingKey] { [] }

  var allKeys: [Key] {
    (0..<index.count).filter { decoder.takeUnretainedValue().found(at: first + $0).isPresent }
      .compactMap { Key(intValue: Int(index.layouts[$0].tag.number)) }
  }

  @inline(__always)
  private func layout(_ key: Key) -> UnsafePointer<FieldLayout>? {
    index.layout(of: key.intValue ?? 0)
  }

  @inline(__always)
  private func read<Value>(_ body: (MessageDecoder) throws -> Value) throws -> Value {
    try decoder._withUnsafeGuaranteedRef { try body($0) }
  }

  func contains(_ key: Key) -> Bool {
    decoder._withUnsafeGuaranteedRef { $0.contains(layout(key), first) }
  }

  func decodeNil(forKey key: Key) -> Bool {
    !contains(key)
  }

  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    try read { try $0.text(layout(key), schema, first) }
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try read { try $0.number(layout(key), first) } }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try read { try $0.number(layout(key), first) } }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try read { try $0.number(layout(key), first) } }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try read { try $0.number(layout(key), first) } }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try read { try $0.number(layout(key), first) } }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try read { try $0.number(layout(key), first) } }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try read { try $0.number(layout(key), first) } }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try read { try $0.value(type, layout(key), schema, first) }
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    let field = layout(key)
    return try read { $0.contains(field, first) ? try $0.value(type, field, schema, first) : nil }
  }

  // MARK: What messages do not do

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { throw decoder.takeUnretainedValue().mismatch() }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw decoder.takeUnretainedValue().mismatch()
  }

  func superDecoder() throws -> any Decoder { throw decoder.takeUnretainedValue().mismatch() }

  func superDecoder(forKey key: Key) throws -> any Decoder { throw decoder.takeUnretainedValue().mismatch() }
}
