/// Finds what every name in a file stands for, and checks what the grammar leaves open.
struct Resolver {
  /// Every message and enumeration by its full name.
  private var types: [String: FieldType] = [:]

  private var methodIDs: Set<Int> = []

  static func resolve(_ file: ProtoFile) throws(Diagnostic) -> ProtoFile {
    var resolver = Resolver()
    try resolver.declare(file.messages, file.enumerations)
    var resolved = file
    for index in resolved.messages.indices { try resolver.resolve(&resolved.messages[index]) }
    for index in resolved.services.indices { try resolver.resolve(&resolved.services[index]) }
    return resolved
  }

  // MARK: Names

  private mutating func declare(
    _ messages: [MessageDeclaration], _ enumerations: [EnumerationDeclaration]
  ) throws(Diagnostic) {
    for enumeration in enumerations {
      try checkTypeName(enumeration.name, at: enumeration.position)
      try declare(.enumeration(enumeration.fullName), enumeration.fullName, at: enumeration.position)
      try check(enumeration)
    }
    for message in messages {
      try checkTypeName(message.name, at: message.position)
      for oneof in message.oneofs { try checkTypeName(oneof.name, at: oneof.position) }
      try declare(.message(message.fullName), message.fullName, at: message.position)
      try declare(message.messages, message.enumerations)
    }
  }

  private mutating func declare(_ type: FieldType, _ name: String, at position: Position) throws(Diagnostic) {
    guard types.updateValue(type, forKey: name) == nil else {
      throw Diagnostic("'\(name)' is declared twice", at: position)
    }
  }

  /// What a name stands for, looked for from the innermost scope outwards.
  private func type(_ name: String, in scope: String, at position: Position) throws(Diagnostic) -> FieldType {
    if name.hasPrefix("."), let type = types[String(name.dropFirst())] { return type }
    var scope = scope[...]
    while true {
      if let type = types[scope.isEmpty ? name : "\(scope).\(name)"] { return type }
      guard !scope.isEmpty else { throw Diagnostic("there is no type '\(name)'", at: position) }
      scope = scope[..<(scope.lastIndex(of: ".") ?? scope.startIndex)]
    }
  }

  private func resolved(_ type: FieldType, in scope: String, at position: Position) throws(Diagnostic) -> FieldType {
    switch type {
    case .named(let name): try self.type(name, in: scope, at: position)
    case .map(let key, let value): .map(key: key, value: try resolved(value, in: scope, at: position))
    default: type
    }
  }

  private func resolve(_ message: inout MessageDeclaration) throws(Diagnostic) {
    for index in message.fields.indices {
      let field = message.fields[index]
      message.fields[index].type = try resolved(field.type, in: message.fullName, at: field.position)
    }
    try check(message)
    for index in message.messages.indices { try resolve(&message.messages[index]) }
  }

  private mutating func resolve(_ service: inout ServiceDeclaration) throws(Diagnostic) {
    for index in service.methods.indices {
      let method = service.methods[index]
      guard methodIDs.insert(method.id).inserted else {
        throw Diagnostic("another method has the id \(method.id)", at: method.position)
      }
      service.methods[index].input = try message(method.input, in: service.fullName, at: method.position)
      service.methods[index].output = try message(method.output, in: service.fullName, at: method.position)
    }
  }

  private func message(_ type: FieldType, in scope: String, at position: Position) throws(Diagnostic) -> FieldType {
    let type = try resolved(type, in: scope, at: position)
    guard case .message = type else { throw Diagnostic("a method takes and gives messages", at: position) }
    return type
  }

  // MARK: Rules

  private func checkTypeName(_ name: String, at position: Position) throws(Diagnostic) {
    guard let type = SwiftName.neededType(name) else { return }
    throw Diagnostic("'\(name)' would hide the type '\(type)' from generated code; take another name", at: position)
  }

  private func check(_ enumeration: EnumerationDeclaration) throws(Diagnostic) {
    guard enumeration.values.first?.number == 0 else {
      throw Diagnostic("the first value of '\(enumeration.name)' must be 0", at: enumeration.position)
    }
    var names: Set<String> = []
    var numbers: Set<Int32> = []
    for value in enumeration.values {
      guard names.insert(value.name).inserted else {
        throw Diagnostic("'\(value.name)' is declared twice", at: value.position)
      }
      guard numbers.insert(value.number).inserted || enumeration.allowsAliases else {
        throw Diagnostic("another value has the number \(value.number)", at: value.position)
      }
      try enumeration.reserved.check(value.name, Int(value.number), at: value.position)
    }
  }

  private func check(_ message: MessageDeclaration) throws(Diagnostic) {
    var names = Set(message.oneofs.map(\.name))
    guard names.count == message.oneofs.count else {
      throw Diagnostic("a oneof of '\(message.name)' is declared twice", at: message.position)
    }
    var numbers: Set<Int> = []
    for field in message.fields {
      guard names.insert(field.name).inserted else {
        throw Diagnostic("'\(field.name)' is declared twice", at: field.position)
      }
      guard numbers.insert(field.number).inserted else {
        throw Diagnostic("another field has the number \(field.number)", at: field.position)
      }
      guard (1...ProtoRules.maximumFieldNumber).contains(field.number),
        !ProtoRules.implementationNumbers.contains(field.number)
      else { throw Diagnostic("\(field.number) is not a number that fields may have", at: field.position) }
      try message.reserved.check(field.name, field.number, at: field.position)
    }
  }
}
