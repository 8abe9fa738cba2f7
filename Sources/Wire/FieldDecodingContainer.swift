/// Gives a message's fields, which have been scanned.
struct FieldDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: MessageDecoder
  let schema: ProtobufSchema

  /// The place of the message's first field.
  let first: Int

  var codingPath: [any CodingKey] { [] }

  var allKeys: [Key] {
    schema.fields.indices.filter { decoder.fields[first + $0].isPresent }
      .compactMap { Key(intValue: schema.fields[$0].number) }
  }

  private func layout(_ key: Key) throws(WireError) -> FieldLayout {
    guard let number = key.intValue, let field = schema.layout(of: number) else { throw unsupported(key) }
    return field
  }

  private func unsupported(_ key: Key) -> WireError {
    decoder.mismatch().within(key.stringValue)
  }

  private func number<Value: WireScalar>(_ key: Key) throws(WireError) -> Value {
    let field = try layout(key)
    guard !field.isRepeated, let value = Value(bits: decoder.fields[first + field.place].bits, as: field.kind) else {
      throw unsupported(key)
    }
    return value
  }

  func contains(_ key: Key) -> Bool {
    guard let number = key.intValue, let field = schema.layout(of: number) else { return false }
    return decoder.fields[first + field.place].isPresent
  }

  func decodeNil(forKey key: Key) -> Bool { !contains(key) }

  func decode(_ type: String.Type, forKey key: Key) throws -> String {
    let field = try layout(key)
    guard field.kind == .string, !field.isRepeated else { throw unsupported(key) }
    do {
      return try decoder.text(decoder.fields[first + field.place].slice)
    } catch {
      throw error.within(schema.fields[field.place].name)
    }
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let field = try layout(key)
    do {
      return try decoder.value(type, field, schema, at: first + field.place)
    } catch let error as WireError {
      throw error.within(schema.fields[field.place].name)
    }
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try number(key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try number(key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try number(key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try number(key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try number(key) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try number(key) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try number(key) }

  // MARK: What messages do not do

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { throw unsupported(key) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw unsupported(key) }

  func superDecoder() throws -> any Decoder { throw decoder.mismatch() }

  func superDecoder(forKey key: Key) throws -> any Decoder { throw unsupported(key) }
}
