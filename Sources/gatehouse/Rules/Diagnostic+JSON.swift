import ProtoJSON
import Rules

extension Diagnostic {
  /// For programs: `{"code":"E0020","severity":"error","message":…,"file":…,"line":12,"column":38,"label":…,"help":…}`
  func json(in file: SourceFile) -> JSONValue {
    let position = file.position(of: span.start)
    return .object([
      .init("code", .string(code.rawValue)), .init("severity", .string(severity.rawValue)),
      .init("message", .string(message)), .init("file", .string(file.name)),
      .init("line", .number(String(position.line))), .init("column", .number(String(position.column))),
      .init("label", .string(label)), .init("help", help.map { .string($0) } ?? .null),
    ])
  }
}
