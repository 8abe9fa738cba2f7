/// Writes a message's view: its fields as plain values, read from the bytes in one pass.
struct ViewEmitter {
  let message: MessageDeclaration
  let plan: ViewPlan
  let symbols: Symbols

  var typeName: String { ViewEmitter.typeName(symbols.swiftName(message.fullName)) }

  private static func typeName(_ swiftName: String) -> String {
    swiftName.split(separator: ".").joined() + "View"
  }

  func emit(into writer: inout SourceWriter) {
    let type = symbols.swiftName(message.fullName)
    writer.line("/// ``\(type)`` in place: plain values that own nothing, read in one pass without allocating.")
    writer.line("///")
    writer.line("/// Texts and maps say where they are in the bytes that were read. Absent fields show their defaults.")
    writer.block("public struct \(typeName): Sendable") { writer in
      for field in message.fields { emitProperty(field, into: &writer) }
      writer.space()
      writer.line("/// A view of the message without any field.")
      writer.line("public init() {}")
      writer.line()
      emitInitializer(type, into: &writer)
      writer.line()
      emitReading(into: &writer)
    }
  }

  // MARK: Properties

  private func emitProperty(_ field: FieldDeclaration, into writer: inout SourceWriter) {
    writer.space()
    writer.docstring(field.comment, fallback: "`\(field.name)`")
    let name = SwiftName.member(field.name)
    switch field.type {
    case .message(let inner):
      writer.line("public private(set) var \(name) = \(ViewEmitter.typeName(symbols.swiftName(inner)))()")
      writer.line()
      writer.line("/// Whether there is `\(field.name)` at all.")
      writer.line("public private(set) var \(flag(field)) = false")
    case .map:
      writer.line("public private(set) var \(name) = TextMapSlice()")
    case .scalar(let scalar):
      let (type, value) =
        scalar == .string || scalar == .bytes
        ? ("WireSlice", "WireSlice()") : (scalar.swiftName, scalar.swiftDefault)
      writer.line("public private(set) var \(name): \(type)\(field.label == .optional ? "?" : " = \(value)")")
    case .enumeration(let inner), .named(let inner):
      let type = symbols.swiftName(inner)
      writer.line("public private(set) var \(name): \(type)\(field.label == .optional ? "?" : " = \(type)()")")
    }
  }

  private func flag(_ field: FieldDeclaration) -> String {
    "has" + SwiftName.capitalized(SwiftName.camelCase(field.name))
  }

  // MARK: Reading

  private func emitInitializer(_ type: String, into writer: inout SourceWriter) {
    writer.line("/// Reads a whole message.")
    writer.line("///")
    writer.line("/// Errors: what `ProtobufDecoder` would find, without the field's path\(onePieceNote).")
    writer.block("public init(_ bytes: UnsafeRawBufferPointer) throws(WireError)") { writer in
      writer.line("guard bytes.count <= WireLimits.maximumMessageBytes else {")
      writer.line("  throw WireError(.messageTooLarge, at: 0)")
      writer.line("}")
      writer.line("var reader = WireReader(bytes)")
      writer.line("try read(&reader)")
    }
  }

  private var onePieceNote: String {
    plan.needsOnePiece(message.fullName) ? "; `needsCanonicalForm`" : ""
  }

  private func emitReading(into writer: inout SourceWriter) {
    writer.line("/// Reads up to where the reader is confined to; what was read before stays.")
    writer.block("mutating func read(_ reader: inout WireReader) throws(WireError)") { writer in
      writer.block("while !reader.isAtEnd") { writer in
        let hasMap = message.fields.contains(where: \.isMap)
        if hasMap { writer.line("let start = reader.offset") }
        writer.line("let tag = try reader.readTag()")
        writer.line("switch tag.rawValue {")
        for field in message.fields { emitCase(field, into: &writer) }
        writer.line("default: try reader.skip(tag)")
        writer.line("}")
      }
    }
  }

  private func emitCase(_ field: FieldDeclaration, into writer: inout SourceWriter) {
    let name = SwiftName.member(field.name)
    switch field.type {
    case .scalar(let scalar):
      writer.line("case \(field.number << 3 | scalar.wireType): \(name) = \(reading(scalar))")
    case .enumeration(let inner), .named(let inner):
      let type = symbols.swiftName(inner)
      let value = "\(type)(rawValue: Int32(truncatingIfNeeded: try reader.readVarint()))"
      writer.line("case \(field.number << 3): \(name) = \(value)")
    case .map:
      writer.line("case \(field.number << 3 | 2): try \(name).read(&reader, tag, from: start)")
    case .message(let inner):
      writer.line("case \(field.number << 3 | 2):")
      if plan.needsOnePiece(inner) {
        writer.line("  guard !\(flag(field)) else { throw WireError(.needsCanonicalForm, at: reader.offset) }")
      }
      writer.line("  let outer = try reader.enterMessage()")
      writer.line("  try \(name).read(&reader)")
      writer.line("  reader.leaveMessage(outer)")
      writer.line("  \(flag(field)) = true")
    }
  }

  private func reading(_ scalar: ScalarType) -> String {
    switch scalar {
    case .string: "try reader.readText()"
    case .bytes: "try reader.readSlice()"
    case .bool: "try reader.readVarint() != 0"
    case .uint64: "try reader.readVarint()"
    case .int64: "Int64(bitPattern: try reader.readVarint())"
    case .uint32: "UInt32(truncatingIfNeeded: try reader.readVarint())"
    case .int32: "Int32(truncatingIfNeeded: try reader.readVarint())"
    case .sint32: "Int32(bitPattern: ZigZag.decode(UInt32(truncatingIfNeeded: try reader.readVarint())))"
    case .sint64: "Int64(bitPattern: ZigZag.decode(try reader.readVarint()))"
    case .fixed32: "try reader.readFixed32()"
    case .sfixed32: "Int32(bitPattern: try reader.readFixed32())"
    case .float: "Float(bitPattern: try reader.readFixed32())"
    case .fixed64: "try reader.readFixed64()"
    case .sfixed64: "Int64(bitPattern: try reader.readFixed64())"
    case .double: "Double(bitPattern: try reader.readFixed64())"
    }
  }
}
