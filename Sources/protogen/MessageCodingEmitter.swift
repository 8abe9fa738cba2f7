/// Writes the coding of a message with oneofs, which the compiler cannot: their fields are those of the message.
struct MessageCodingEmitter {
  let message: MessageDeclaration
  let symbols: Symbols

  func emit(into writer: inout SourceWriter) {
    let fields = message.fields.sorted { $0.number < $1.number }
    writer.line()
    writer.block("public init(from decoder: any Decoder) throws") { writer in
      writer.line("let container = try decoder.container(keyedBy: CodingKeys.self)")
      for field in fields where field.oneof == nil { writer.line(decoding(field)) }
      for oneof in message.oneofs { emitDecoding(of: oneof, into: &writer) }
    }
    writer.line()
    writer.block("public func encode(to encoder: any Encoder) throws") { writer in
      writer.line("var container = encoder.container(keyedBy: CodingKeys.self)")
      for field in fields { emitEncoding(of: field, into: &writer) }
    }
  }

  private func isOptional(_ field: FieldDeclaration) -> Bool {
    if case .message = field.type { return field.label != .repeated }
    return field.label == .optional
  }

  private func decoding(_ field: FieldDeclaration) -> String {
    let name = SwiftName.member(field.name)
    let type = field.label == .repeated ? "[\(symbols.swiftType(field.type))]" : symbols.swiftType(field.type)
    let call = isOptional(field) ? "decodeIfPresent" : "decode"
    return "\(name) = try container.\(call)(\(type).self, forKey: .\(name))"
  }

  private func emitDecoding(of oneof: OneofDeclaration, into writer: inout SourceWriter) {
    for field in message.fields where field.oneof == oneof.name {
      let name = SwiftName.member(field.name)
      writer.block("if container.contains(.\(name))") { writer in
        let value = "try container.decode(\(symbols.swiftType(field.type)).self, forKey: .\(name))"
        writer.line("\(SwiftName.member(oneof.name)) = .\(name)(\(value))")
      }
    }
  }

  private func emitEncoding(of field: FieldDeclaration, into writer: inout SourceWriter) {
    let name = SwiftName.member(field.name)
    guard let oneof = field.oneof else {
      return writer.line("try container.\(isOptional(field) ? "encodeIfPresent" : "encode")(\(name), forKey: .\(name))")
    }
    writer.block("if case .\(name)(let value) = \(SwiftName.member(oneof))") { writer in
      writer.line("try container.encode(value, forKey: .\(name))")
    }
  }
}
