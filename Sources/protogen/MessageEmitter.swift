/// Writes a message as a plain struct, with its coding keys and schema.
struct MessageEmitter {
  let message: MessageDeclaration
  let symbols: Symbols

  private var hasOneofs: Bool { !message.oneofs.isEmpty }

  private var sortedFields: [FieldDeclaration] { message.fields.sorted { $0.number < $1.number } }

  func emit(into writer: inout SourceWriter) {
    writer.docstring(message.comment, fallback: "`\(message.fullName)`")
    writer.block("public struct \(SwiftName.type(message.name)): ProtobufMessage") { writer in
      for property in properties { emit(property, into: &writer) }
      emitInitializer(into: &writer)
      emitCodingKeys(into: &writer)
      if hasOneofs { MessageCodingEmitter(message: message, symbols: symbols).emit(into: &writer) }
      emitSchema(into: &writer)
    }
    let path = symbols.swiftName(message.fullName)
    for oneof in message.oneofs {
      writer.space()
      writer.block("extension \(path)") { emit(oneof, into: &$0) }
    }
    for enumeration in message.enumerations {
      writer.space()
      writer.block("extension \(path)") { EnumerationEmitter(enumeration: enumeration).emit(into: &$0) }
    }
    for inner in message.messages {
      writer.space()
      let emitter = MessageEmitter(message: inner, symbols: symbols)
      emitter.emitNested(in: path, into: &writer)
    }
  }

  /// A nested message goes into an extension of the outer one; what is nested in it into extensions of its own.
  private func emitNested(in outer: String, into writer: inout SourceWriter) {
    var own = SourceWriter()
    emit(into: &own)
    let parts = own.text.components(untilLineStarting: "extension ")
    writer.block("extension \(outer)") { writer in
      for line in parts.head { writer.line(line) }
    }
    for line in parts.rest { writer.line(line) }
  }

  // MARK: Properties

  private struct Property {
    let name: String
    let type: String
    let defaultValue: String?
    let comment: [String]
    let fallback: String
    let isIndirect: Bool
  }

  /// In the contract's order; a oneof where its first field stands.
  private var properties: [Property] {
    var seen: Set<String> = []
    return message.fields.compactMap { field in
      guard let name = field.oneof else { return property(of: field) }
      guard seen.insert(name).inserted, let oneof = message.oneofs.first(where: { $0.name == name }) else { return nil }
      return Property(
        name: SwiftName.member(name), type: "\(SwiftName.type(name))?", defaultValue: nil, comment: oneof.comment,
        fallback: "`\(name)`", isIndirect: false)
    }
  }

  private func property(of field: FieldDeclaration) -> Property {
    let type = symbols.swiftType(field.type)
    let (full, defaultValue): (String, String?) =
      switch (field.label, field.type) {
      case (.repeated, _): ("[\(type)]", "[]")
      case (_, .map): (type, "[:]")
      case (.optional, _), (_, .message): ("\(type)?", nil)
      case (_, .scalar(let scalar)): (type, scalar.swiftDefault)
      case (_, .enumeration), (_, .named): (type, "\(type)()")
      }
    return Property(
      name: SwiftName.member(field.name), type: full, defaultValue: defaultValue, comment: field.comment,
      fallback: "`\(field.name)`", isIndirect: symbols.isIndirect(field))
  }

  private func emit(_ property: Property, into writer: inout SourceWriter) {
    writer.space()
    writer.docstring(property.comment, fallback: property.fallback)
    let attribute = property.isIndirect ? "@Indirect " : ""
    writer.line("\(attribute)public var \(property.name): \(property.type)")
  }

  private func emitInitializer(into writer: inout SourceWriter) {
    writer.space()
    writer.docstring([], fallback: "A message of these fields; what is left out is absent.")
    guard !properties.isEmpty else { return writer.line("public init() {}") }
    writer.line("public init(")
    for (index, property) in properties.enumerated() {
      let separator = index == properties.count - 1 ? "" : ","
      writer.line("  \(property.name): \(property.type) = \(property.defaultValue ?? "nil")\(separator)")
    }
    writer.line(") {")
    for property in properties { writer.line("  self.\(property.name) = \(property.name)") }
    writer.line("}")
  }

  // MARK: Coding

  private func emitCodingKeys(into writer: inout SourceWriter) {
    guard !message.fields.isEmpty else { return }
    writer.line()
    writer.block("enum CodingKeys: Int, CodingKey") { writer in
      for field in sortedFields {
        writer.line("case \(SwiftName.member(field.name)) = \(field.number)")
      }
    }
  }

  private func emitSchema(into writer: inout SourceWriter) {
    writer.line()
    guard !message.fields.isEmpty else {
      return writer.line("public static let schema: ProtobufSchema = .init(\"\(message.fullName)\", [])")
    }
    writer.line("public static let schema: ProtobufSchema = .init(\"\(message.fullName)\", [")
    for field in sortedFields {
      writer.line("  .init(\(field.number), \"\(field.name)\", \(symbols.schemaType(field.type))\(label(of: field))),")
    }
    writer.line("])")
  }

  private func label(of field: FieldDeclaration) -> String {
    if let oneof = field.oneof, let index = message.oneofs.firstIndex(where: { $0.name == oneof }) {
      return ", .oneof(\(index))"
    }
    if case .message = field.type, field.label != .repeated { return ", .optional" }
    return switch field.label {
    case .implicit: ""
    case .optional: ", .optional"
    case .repeated: field.isPacked ? ", .repeated" : ", .expanded"
    }
  }

  // MARK: Oneofs

  private func emit(_ oneof: OneofDeclaration, into writer: inout SourceWriter) {
    let members = message.fields.filter { $0.oneof == oneof.name }
    writer.docstring(oneof.comment, fallback: "The choices of `\(oneof.name)`.")
    let indirect = members.contains(where: symbols.isIndirect) ? "indirect " : ""
    writer.block("public \(indirect)enum \(SwiftName.type(oneof.name)): Equatable, Sendable") { writer in
      for field in members {
        writer.space()
        writer.docstring(field.comment, fallback: "`\(field.name)`")
        writer.line("case \(SwiftName.member(field.name))(\(symbols.swiftType(field.type)))")
      }
    }
  }
}

extension String {
  /// The lines before the first that starts with `prefix`, and the others.
  func components(untilLineStarting prefix: String) -> (head: [String], rest: [String]) {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    let end = lines.firstIndex { $0.hasPrefix(prefix) } ?? lines.count
    var head = Array(lines[..<end])
    let rest = Array(lines[end...])
    while head.last?.isEmpty == true { head.removeLast() }
    return (head, rest.isEmpty ? [] : [""] + rest)
  }
}
