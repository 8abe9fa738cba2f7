extension Parser {
  /// The rest of a service behind its keyword.
  mutating func service(_ comment: [String]) throws(Diagnostic) -> ServiceDeclaration {
    let name = try identifier("the service's name")
    var service = ServiceDeclaration(name: name, fullName: file.qualified(name), comment: comment)
    try expect("{")
    while !take("}") {
      let comment = token.comment
      if take(";") { continue }
      if take(word: "option") { _ = try option() } else { service.methods.append(try method(comment)) }
    }
    return service
  }

  private mutating func method(_ comment: [String]) throws(Diagnostic) -> ServiceDeclaration.Method {
    try expect(word: "rpc")
    let position = token.position
    let name = try identifier("the method's name")
    let input = try messageInParentheses()
    guard !input.isStream else { throw Diagnostic("client streaming is not part of the protocol", at: position) }
    try expect(word: "returns")
    let output = try messageInParentheses()
    guard let id = try methodID() else {
      throw Diagnostic("the method '\(name)' lacks 'option (method_id) = N;', N from 1 to 65535", at: position)
    }
    return ServiceDeclaration.Method(
      name: name, input: input.type, output: output.type, isServerStreaming: output.isStream, id: id,
      comment: comment, position: position)
  }

  private mutating func messageInParentheses() throws(Diagnostic) -> (type: FieldType, isStream: Bool) {
    try expect("(")
    let isStream = take(word: "stream")
    let name = try dottedName("a message's name")
    try expect(")")
    return (.named(name), isStream)
  }

  private mutating func methodID() throws(Diagnostic) -> Int? {
    guard take("{") else {
      try expect(";")
      return nil
    }
    var id: Int?
    while !take("}") {
      if take(";") { continue }
      try expect(word: "option")
      if case ("(method_id)", .integer(let value)) = try option(), (1...ProtoRules.maximumMethodID).contains(value) {
        id = value
      }
    }
    return id
  }
}
