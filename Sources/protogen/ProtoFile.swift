/// A .proto file, parsed.
struct ProtoFile {
  /// Its name without folder and extension.
  let name: String

  /// All of it, as written.
  let text: String

  var package = ""
  var messages: [MessageDeclaration] = []
  var enumerations: [EnumerationDeclaration] = []
  var services: [ServiceDeclaration] = []

  /// A name in the file's package.
  func qualified(_ name: String) -> String {
    package.isEmpty ? name : "\(package).\(name)"
  }
}
