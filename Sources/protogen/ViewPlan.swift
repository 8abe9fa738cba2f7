/// Which messages get a view: those asked for and all that is nested in them.
struct ViewPlan {
  /// In the order of their names.
  let messages: [MessageDeclaration]

  /// The full names of those that hold a map, or hold one that does.
  private let collecting: Set<String>

  init(roots: [String], symbols: Symbols) throws(Diagnostic) {
    var found: [String: MessageDeclaration] = [:]
    var pending = roots.map { symbols.file.qualified($0) }
    while let name = pending.popLast() {
      guard found[name] == nil else { continue }
      guard let message = symbols.messages[name] else {
        throw Diagnostic("there is no message '\(name)' to view", at: Position())
      }
      try ViewPlan.check(message, symbols)
      found[name] = message
      pending += ViewPlan.nested(message)
    }
    messages = found.values.sorted { $0.fullName < $1.fullName }
    collecting = ViewPlan.collecting(found)
  }

  /// Whether a message's pieces cannot be merged in a view.
  func needsOnePiece(_ name: String) -> Bool { collecting.contains(name) }

  /// Views are for the hot path's messages; they do what those need.
  private static func check(_ message: MessageDeclaration, _ symbols: Symbols) throws(Diagnostic) {
    guard !symbols.recursive.contains(message.fullName) else {
      throw Diagnostic("'\(message.name)' holds itself and cannot be viewed", at: message.position)
    }
    for field in message.fields {
      let isTextMap = field.type == .map(key: .string, value: .scalar(.string))
      if case .map = field.type, !isTextMap {
        throw Diagnostic("only map<string, string> can be viewed", at: field.position)
      }
      guard field.label != .repeated, field.oneof == nil else {
        throw Diagnostic("lists and oneofs cannot be viewed", at: field.position)
      }
    }
  }

  private static func nested(_ message: MessageDeclaration) -> [String] {
    message.fields.compactMap { field in
      if case .message(let name) = field.type { name } else { nil }
    }
  }

  private static func collecting(_ messages: [String: MessageDeclaration]) -> Set<String> {
    var result: Set<String> = []
    var isComplete = false
    while !isComplete {
      let more = messages.values.filter { message in
        !result.contains(message.fullName)
          && (nested(message).contains(where: result.contains) || message.fields.contains { $0.isMap })
      }
      result.formUnion(more.map(\.fullName))
      isComplete = more.isEmpty
    }
    return result
  }
}

extension FieldDeclaration {
  var isMap: Bool {
    if case .map = type { true } else { false }
  }
}
