/// Writes one value of the field that the encoder is at: a number or text in a list or map, an enumeration's number.
struct ValueEncodingContainer: SingleValueEncodingContainer {
  let encoder: MessageEncoder

  var codingPath: [any CodingKey] { [] }

  func encode(_ value: String) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: Bool) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: Double) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: Float) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: Int32) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: Int64) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: UInt32) throws { try encoder.write(value, encoder.field, encoder.form) }
  func encode(_ value: UInt64) throws { try encoder.write(value, encoder.field, encoder.form) }

  // What is left: types that proto3 does not have.
  func encode<Value: Encodable>(_ value: Value) throws { throw encoder.mismatch() }

  func encodeNil() throws { throw encoder.mismatch() }
}
