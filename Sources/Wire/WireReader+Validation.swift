extension WireReader {
  /// Reads a message to its end for nothing but to see whether it is well-formed under its schema.
  ///
  /// Errors: all those of reading it.
  mutating func validate(_ schema: ProtobufSchema) throws(WireError) {
    while !isAtEnd {
      let tag = try readTag()
      guard let field = schema.index.layout(of: Int(tag.number)), tag.typeNumber == WireType.lengthDelimited.rawValue,
        field.pointee.isPackable || field.pointee.kind.wireType == .lengthDelimited
      else {
        try skip(tag)
        continue
      }
      let length = try readLength()
      let outer = end
      end = position + length
      do {
        try validateContents(of: field, schema)
      } catch {
        throw error.within(schema.name(of: field))
      }
      end = outer
    }
  }

  /// Reads to the end what stands behind the length of a text, message, map entry or packed numbers.
  mutating func validateContents(of field: UnsafePointer<FieldLayout>, _ schema: ProtobufSchema) throws(WireError) {
    switch field.pointee.kind {
    case .string:
      guard UTF8Validation.isValid(bytes(from: position, count: end - position)) else {
        throw WireError(.invalidUTF8, at: position)
      }
      position = end
    case .bytes:
      position = end
    case .message, .map:
      guard nesting > 0 else { throw WireError(.nestingTooDeep, at: position) }
      nesting -= 1
      defer { nesting += 1 }
      if let inner = schema.schema(of: field) { try validate(inner) }
    default:
      while !isAtEnd { try skip(WireTag(field.pointee.tag.number, field.pointee.kind.wireType)) }
    }
  }
}
