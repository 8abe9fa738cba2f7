extension Parser {
  /// The rest of an enumeration behind its keyword.
  mutating func enumeration(_ comment: [String], in scope: String) throws(Diagnostic) -> EnumerationDeclaration {
    let position = token.position
    let name = try identifier("the enumeration's name")
    let fullName = scope.isEmpty ? name : "\(scope).\(name)"
    var enumeration = EnumerationDeclaration(name: name, fullName: fullName, comment: comment, position: position)
    try expect("{")
    while !take("}") {
      if take(";") { continue }
      let comment = token.comment
      if take(word: "reserved") {
        try parseReserved(&enumeration.reserved, maximum: Int(Int32.max))
      } else if take(word: "option") {
        if try option() == ("allow_alias", .boolean(true)) { enumeration.allowsAliases = true }
      } else {
        enumeration.values.append(try value(comment))
      }
    }
    return enumeration
  }

  private mutating func value(_ comment: [String]) throws(Diagnostic) -> EnumerationDeclaration.Value {
    let position = token.position
    let name = try identifier("a value's name")
    try expect("=")
    guard let number = Int32(exactly: try integer("the value's number")) else {
      throw Diagnostic("the number of '\(name)' does not fit into 32 bits", at: position)
    }
    _ = try bracketedOptions()
    try expect(";")
    return EnumerationDeclaration.Value(name: name, number: number, comment: comment, position: position)
  }
}
