/// Writes what a program can say about the whole file: its text and its methods.
struct ContractEmitter {
  let file: ProtoFile

  /// `gatehouse` becomes `GatehouseProto`.
  var typeName: String { SwiftName.type(file.name) + "Proto" }

  func emit(into writer: inout SourceWriter) {
    writer.line("/// `\(file.name).proto` as a whole.")
    writer.block("public enum \(typeName)") { writer in
      writer.line("/// The file's package.")
      writer.line("public static let package = \"\(file.package)\"")
      writer.line()
      writer.line("/// Every method of every service, in the order of their ids.")
      emitMethods(into: &writer)
      writer.line()
      writer.line("/// The file's own text.")
      let quotes = delimiter
      writer.line("public static let text = \(quotes)\"\"\"")
      writer.verbatim(file.text + (file.text.hasSuffix("\n") ? "" : "\n"))
      writer.verbatim("\n\"\"\"\(quotes)\n")
    }
  }

  /// As many number signs as keep the text from ending its literal or meaning anything in it.
  private var delimiter: String {
    var delimiter = "#"
    while file.text.contains("\"\"\"" + delimiter) || file.text.contains("\\" + delimiter) { delimiter += "#" }
    return delimiter
  }

  private func emitMethods(into writer: inout SourceWriter) {
    let methods = file.services.flatMap { service in service.methods.map { (service, $0) } }
    guard !methods.isEmpty else { return writer.line("public static let methods: [ProtobufMethod] = []") }
    writer.line("public static let methods: [ProtobufMethod] = [")
    for (service, method) in methods.sorted(by: { $0.1.id < $1.1.id }) {
      let name = SwiftName.member(method.name)
      writer.line("  \(SwiftName.type(service.name))Methods.\(name).method,")
    }
    writer.line("]")
  }
}
