import Wire

/// Stands where `Codable` may ask for a shape that no message of a contract has, and throws as soon as it is used:
/// messages are keyed by field numbers, and lists, maps and scalars never come this way.
struct RefusingContainer: UnkeyedEncodingContainer, SingleValueEncodingContainer {
  let path: String
  let codingPath: [any CodingKey] = []
  let count = 0

  private var refusal: JSONMappingError {
    JSONMappingError(path: path, reason: .unsupportedType("anything but fields by number"))
  }

  func encodeNil() throws { throw refusal }

  func encode<Value: Encodable>(_ value: Value) throws { throw refusal }

  func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    // A message without fields: every key it is given is outside of it, and throws.
    MessageWriter(schema: ProtobufSchema("", []), path: path).container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }

  func superEncoder() -> any Encoder { MessageWriter(schema: ProtobufSchema("", []), path: path) }
}
