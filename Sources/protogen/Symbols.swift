/// What emitters ask about the file as a whole.
struct Symbols {
  let file: ProtoFile

  /// Every message by its full name.
  private(set) var messages: [String: MessageDeclaration] = [:]

  /// Messages that can hold one of their own kind without a list or map in between.
  private(set) var recursive: Set<String> = []

  init(_ file: ProtoFile) {
    self.file = file
    collect(file.messages)
    for name in messages.keys where reaches(name) { recursive.insert(name) }
  }

  private mutating func collect(_ declarations: [MessageDeclaration]) {
    for message in declarations {
      messages[message.fullName] = message
      collect(message.messages)
    }
  }

  private func directMessages(_ name: String) -> [String] {
    (messages[name]?.fields ?? []).compactMap { field in
      guard case .message(let inner) = field.type, field.label != .repeated else { return nil }
      return inner
    }
  }

  private func reaches(_ name: String) -> Bool {
    var seen: Set<String> = []
    var pending = directMessages(name)
    while let next = pending.popLast() {
      if next == name { return true }
      if seen.insert(next).inserted { pending += directMessages(next) }
    }
    return false
  }

  /// A message's or enumeration's Swift name, outer types before it.
  func swiftName(_ fullName: String) -> String {
    let name = file.package.isEmpty ? fullName[...] : fullName.dropFirst(file.package.count + 1)
    return name.split(separator: ".").map { SwiftName.type(String($0)) }.joined(separator: ".")
  }

  /// The Swift type of one value.
  func swiftType(_ type: FieldType) -> String {
    switch type {
    case .scalar(let scalar): scalar.swiftName
    case .named(let name), .message(let name), .enumeration(let name): swiftName(name)
    case .map(let key, let value): "[\(key.swiftName): \(swiftType(value))]"
    }
  }

  /// Whether the field's message must be held at arm's length.
  func isIndirect(_ field: FieldDeclaration) -> Bool {
    guard case .message(let name) = field.type, field.label != .repeated else { return false }
    return recursive.contains(name)
  }

  /// The type as `ProtobufType` spells it.
  func schemaType(_ type: FieldType) -> String {
    switch type {
    case .scalar(let scalar): ".\(scalar.rawValue)"
    case .named(let name), .message(let name): ".message { \(swiftName(name)).schema }"
    case .enumeration: ".enumeration"
    case .map(let key, let value): ".map(.\(key.rawValue), \(schemaType(value)))"
    }
  }
}
