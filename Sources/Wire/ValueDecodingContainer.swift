/// Gives the one value that the decoder is at: a number or text in a list or map, an enumeration's number.
struct ValueDecodingContainer: SingleValueDecodingContainer {
  let decoder: MessageDecoder

  var codingPath: [any CodingKey] { [] }

  private func number<Value: WireScalar>() throws(WireError) -> Value {
    guard let field = decoder.field, let value = Value(bits: decoder.bits, as: field.pointee.kind) else {
      throw decoder.mismatch()
    }
    return value
  }

  func decodeNil() -> Bool { false }

  func decode(_ type: String.Type) throws -> String {
    guard let field = decoder.field, field.pointee.kind == .string else { throw decoder.mismatch() }
    return try decoder.text(DecodedField(bits: decoder.bits).slice)
  }

  func decode(_ type: Bool.Type) throws -> Bool { try number() }
  func decode(_ type: Double.Type) throws -> Double { try number() }
  func decode(_ type: Float.Type) throws -> Float { try number() }
  func decode(_ type: Int32.Type) throws -> Int32 { try number() }
  func decode(_ type: Int64.Type) throws -> Int64 { try number() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try number() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try number() }

  // What is left: types that proto3 does not have.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { throw decoder.mismatch() }
}
