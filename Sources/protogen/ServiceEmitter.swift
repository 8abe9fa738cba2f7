/// Writes a service as an enum of its methods' descriptors.
struct ServiceEmitter {
  let service: ServiceDeclaration
  let symbols: Symbols

  func emit(into writer: inout SourceWriter) {
    writer.docstring(service.comment, fallback: "`\(service.fullName)`")
    writer.block("public enum \(SwiftName.type(service.name))Methods") { writer in
      for method in service.methods {
        writer.space()
        writer.docstring(method.comment, fallback: "`\(method.name)`")
        let types = "\(symbols.swiftType(method.input)), \(symbols.swiftType(method.output))"
        writer.line("public static let \(SwiftName.member(method.name)) = MethodDescriptor<\(types)>(")
        let streaming = method.isServerStreaming ? ", isServerStreaming: true" : ""
        writer.line("  id: \(method.id), name: \"\(service.fullName)/\(method.name)\"\(streaming))")
      }
    }
  }
}
