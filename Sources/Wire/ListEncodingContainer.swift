/// Writes the elements of a repeated field.
struct ListEncodingContainer: UnkeyedEncodingContainer {
  let encoder: MessageEncoder
  let field: UnsafePointer<FieldLayout>?
  let form: MessageEncoder.Form

  private(set) var count = 0

  var codingPath: [any CodingKey] { [] }

  init(encoder: MessageEncoder) {
    self.encoder = encoder
    field = encoder.field
    form = encoder.form
  }

  mutating func encode<Value: Encodable>(_ value: Value) throws {
    guard let field else { throw encoder.mismatch() }
    try encoder.write(value, field, form)
    count += 1
  }

  // MARK: What lists do not hold

  mutating func encodeNil() throws { throw encoder.mismatch() }

  // The protocol lets none of these throw; elements whose code asks for them are written one after the other.

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy keyType: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> { encoder.container(keyedBy: keyType) }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }

  mutating func superEncoder() -> any Encoder { encoder }
}
