/// Writes one value of the field that the encoder is at: a number or text in a list or map, an enumeration's number.
struct ValueEncodingContainer: SingleValueEncodingContainer {
  let encoder: MessageEncoder

  var codingPath: [any CodingKey] { [] }

  private func write<Value: WireScalar>(_ value: Value) throws {
    guard let field = encoder.field, let bits = value.bits(as: field.kind) else {
      throw encoder.error(.schemaMismatch)
    }
    encoder.write(bits: bits, field, encoder.form)
  }

  private func write(_ text: String) throws {
    guard let field = encoder.field, field.kind == .string else { throw encoder.error(.schemaMismatch) }
    encoder.write(text, field, encoder.form)
  }

  mutating func encode(_ value: Bool) throws { try write(value) }
  mutating func encode(_ value: String) throws { try write(value) }
  mutating func encode(_ value: Double) throws { try write(value) }
  mutating func encode(_ value: Float) throws { try write(value) }
  mutating func encode(_ value: Int32) throws { try write(value) }
  mutating func encode(_ value: Int64) throws { try write(value) }
  mutating func encode(_ value: UInt32) throws { try write(value) }
  mutating func encode(_ value: UInt64) throws { try write(value) }

  // What is left: types that proto3 does not have.
  mutating func encode<Value: Encodable>(_ value: Value) throws { throw encoder.error(.schemaMismatch) }

  mutating func encodeNil() throws { throw encoder.error(.schemaMismatch) }
}
