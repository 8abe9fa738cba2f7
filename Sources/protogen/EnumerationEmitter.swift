/// Writes an enumeration as an open struct of constants.
struct EnumerationEmitter {
  let enumeration: EnumerationDeclaration

  func emit(into writer: inout SourceWriter) {
    let type = SwiftName.type(enumeration.name)
    writer.docstring(enumeration.comment, fallback: "`\(enumeration.fullName)`")
    writer.block("public struct \(type): ProtobufEnumeration") { writer in
      writer.docstring([], fallback: "The number on the wire.")
      writer.line("public let rawValue: Int32")
      writer.line()
      writer.line("public init(rawValue: Int32) {")
      writer.line("  self.rawValue = rawValue")
      writer.line("}")
      for value in enumeration.values {
        writer.line()
        writer.docstring(value.comment, fallback: "`\(value.name)`")
        let name = SwiftName.value(value.name, of: enumeration.name)
        writer.line("public static let \(name) = \(type)(rawValue: \(value.number))")
      }
      writer.line()
      emitNames(into: &writer)
    }
  }

  private func emitNames(into writer: inout SourceWriter) {
    writer.line("public static let names: [Int32: String] = [")
    var seen: Set<Int32> = []
    for value in enumeration.values where seen.insert(value.number).inserted {
      writer.line("  \(value.number): \"\(value.name)\",")
    }
    writer.line("]")
  }
}
