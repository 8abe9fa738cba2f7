import Wire

extension ProtobufField {
  /// The field's name in JSON, by protobuf's rule: an underscore goes, and the letter behind it becomes a capital.
  var jsonName: String {
    var result = ""
    var capital = false
    for character in name {
      if character == "_" {
        capital = true
      } else {
        result += capital ? character.uppercased() : String(character)
        capital = false
      }
    }
    return result
  }
}

/// The path of a field within what stands at `path`.
func path(_ path: String, _ field: String) -> String { path.isEmpty ? field : "\(path).\(field)" }
