import Wire

/// Where `Codable` asks for a message's fields, by their numbers.
struct MessageReader: Decoder {
  /// A field that was given.
  struct Field {
    let path: String
    let value: JSONValue
  }

  let fields: [Int: Field]
  let path: String
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Container(message: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unsupported("a list as a message") }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unsupported("a value as a message") }

  private func unsupported(_ what: String) -> JSONMappingError {
    JSONMappingError(path: path, reason: .unsupportedType(what))
  }

  /// A field that is absent reads as its type's default, as on the wire.
  struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let message: MessageReader
    let codingPath: [any CodingKey] = []

    var allKeys: [Key] { message.fields.keys.compactMap { Key(intValue: $0) } }

    func contains(_ key: Key) -> Bool { field(key) != nil }

    func decodeNil(forKey key: Key) -> Bool { field(key) == nil }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      guard let field = field(key) else {
        return try absentValue(type, at: ProtoJSON.path(message.path, key.stringValue))
      }
      return try readJSON(type, field.value, at: field.path)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      throw message.unsupported("a container within a message")
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      throw message.unsupported("a container within a message")
    }

    func superDecoder() throws -> any Decoder { throw message.unsupported("a class") }

    func superDecoder(forKey key: Key) throws -> any Decoder { throw message.unsupported("a class") }

    private func field(_ key: Key) -> Field? { key.intValue.flatMap { message.fields[$0] } }
  }
}
