extension Parser {
  /// The rest of a message behind its keyword.
  mutating func message(_ comment: [String], in scope: String) throws(Diagnostic) -> MessageDeclaration {
    let position = token.position
    let name = try identifier("the message's name")
    let fullName = scope.isEmpty ? name : "\(scope).\(name)"
    var message = MessageDeclaration(name: name, fullName: fullName, comment: comment, position: position)
    try expect("{")
    while !take("}") { try parseMember(&message) }
    return message
  }

  private mutating func parseMember(_ message: inout MessageDeclaration) throws(Diagnostic) {
    let start = token
    if take(";") { return }
    if case .identifier(let word) = start.kind, startsStatement(word) {
      advance()
      switch word {
      case "message": message.messages.append(try self.message(start.comment, in: message.fullName))
      case "enum": message.enumerations.append(try enumeration(start.comment, in: message.fullName))
      case "option": _ = try option()
      case "oneof": try parseOneof(&message, start.comment)
      case "reserved": try parseReserved(&message.reserved, maximum: ProtoRules.maximumFieldNumber)
      default: throw Diagnostic("'\(word)' is not proto3", at: start.position)
      }
      return
    }
    message.fields.append(try field(oneof: nil))
  }

  /// Whether the word at hand begins something else than a field. `message.Name x = 1;` begins one.
  private func startsStatement(_ word: String) -> Bool {
    ["message", "enum", "option", "oneof", "reserved", "extensions", "extend", "group", "required"].contains(word)
  }

  private mutating func parseOneof(_ message: inout MessageDeclaration, _ comment: [String]) throws(Diagnostic) {
    let position = token.position
    let name = try identifier("the oneof's name")
    message.oneofs.append(OneofDeclaration(name: name, comment: comment, position: position))
    try expect("{")
    let count = message.fields.count
    while !take("}") {
      if take(";") { continue }
      if take(word: "option") { _ = try option() } else { message.fields.append(try field(oneof: name)) }
    }
    guard message.fields.count > count else { throw Diagnostic("the oneof '\(name)' has no fields", at: position) }
  }

  private mutating func field(oneof: String?) throws(Diagnostic) -> FieldDeclaration {
    let comment = token.comment
    let labelPosition = token.position
    let label: FieldDeclaration.Label =
      if take(word: "optional") { .optional } else if take(word: "repeated") { .repeated } else { .implicit }
    guard oneof == nil || label == .implicit else {
      throw Diagnostic("a oneof's field has no label", at: labelPosition)
    }
    let typePosition = token.position
    let type = try fieldType()
    if case .map = type, label != .implicit || oneof != nil {
      throw Diagnostic("a map has no label and stands in no oneof", at: typePosition)
    }
    let position = token.position
    let name = try identifier("the field's name")
    try expect("=")
    let number = try integer("the field's number")
    let options = try bracketedOptions()
    try expect(";")
    return FieldDeclaration(
      name: name, number: number, type: type, label: label, isPacked: options["packed"] != .boolean(false),
      oneof: oneof, comment: comment, position: position)
  }

  /// A type: a scalar's name, a map, or a name to be resolved.
  mutating func fieldType() throws(Diagnostic) -> FieldType {
    let position = token.position
    let name = try dottedName("a type")
    guard name == "map", take("<") else {
      return ScalarType(rawValue: name).map(FieldType.scalar) ?? .named(name)
    }
    guard let key = ScalarType(rawValue: try identifier("the key's type")), key.isMapKey else {
      throw Diagnostic("a map's key is a whole number, a bool or a string", at: position)
    }
    try expect(",")
    let value = try fieldType()
    if case .map = value { throw Diagnostic("a map's value is no map", at: position) }
    try expect(">")
    return .map(key: key, value: value)
  }

  // MARK: Reservations

  /// The rest of a reserved statement: names, or numbers and ranges of them.
  mutating func parseReserved(_ reserved: inout Reservations, maximum: Int) throws(Diagnostic) {
    repeat {
      if case .string = token.kind {
        reserved.names.insert(try string())
        continue
      }
      let position = token.position
      let first = try integer("a number or a name in quotes")
      let last = take(word: "to") ? (take(word: "max") ? maximum : try integer("the range's last number")) : first
      guard first <= last else { throw Diagnostic("the range \(first) to \(last) is empty", at: position) }
      reserved.numbers.append(first...last)
    } while take(",")
    try expect(";")
  }
}
