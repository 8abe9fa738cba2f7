import Foundation

/// Texts that a user names: in place, in a file, or on standard input.
struct InputText: Sendable {
  /// The largest text that is read, in bytes: more than any message may have (`wire.md`: 4 MiB).
  static let maximumBytes = 16 << 20

  /// The text that an argument means: `@FILE` is the file's, `-` standard input's, anything else itself.
  static func of(argument: String) throws(CommandFailure) -> String {
    if argument == "-" { return try text(of: .standardInput, named: "standard input") }
    if argument.hasPrefix("@") { return try file(String(argument.dropFirst())) }
    return argument
  }

  /// The text of a file; `-` is standard input.
  static func file(_ path: String) throws(CommandFailure) -> String {
    if path == "-" { return try text(of: .standardInput, named: "standard input") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw CommandFailure("\(path) cannot be opened: \(String(cString: strerror(errno)))", exitCode: .usage)
    }
    defer { try? handle.close() }
    return try text(of: handle, named: path)
  }

  private static func text(of handle: FileHandle, named name: String) throws(CommandFailure) -> String {
    let data: Data
    do {
      data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw CommandFailure("\(name) cannot be read: \(error)", exitCode: .usage)
    }
    guard data.count <= maximumBytes else {
      throw CommandFailure("\(name) is over \(maximumBytes) bytes", exitCode: .usage)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandFailure("\(name) is not UTF-8", exitCode: .usage)
    }
    return text
  }
}
