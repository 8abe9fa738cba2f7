import Wire

/// Where `Codable` hands over a message's fields, by their numbers. A class, for containers share it.
final class MessageWriter: Encoder {
  private(set) var members: [JSONValue.Member] = []
  let codingPath: [any CodingKey] = []
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private let schema: ProtobufSchema
  private let path: String

  init(schema: ProtobufSchema, path: String) {
    self.schema = schema
    self.path = path
  }

  fileprivate func write(_ value: some Any, number: Int?) throws {
    guard let field = schema.fields.first(where: { $0.number == number }) else {
      throw JSONMappingError(path: path, reason: .unsupportedType("a key outside \(schema.name)"))
    }
    members.append(
      JSONValue.Member(field.jsonName, try writeJSON(value, at: ProtoJSON.path(path, field.name))))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Container(writer: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { RefusingContainer(path: path) }

  func singleValueContainer() -> any SingleValueEncodingContainer { RefusingContainer(path: path) }

  struct Container<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: MessageWriter
    let codingPath: [any CodingKey] = []

    func encodeNil(forKey key: Key) {}

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
      try writer.write(value, number: key.intValue)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
      RefusingContainer(path: writer.path).nestedContainer(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      RefusingContainer(path: writer.path)
    }

    func superEncoder() -> any Encoder { RefusingContainer(path: writer.path).superEncoder() }

    func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
  }
}
