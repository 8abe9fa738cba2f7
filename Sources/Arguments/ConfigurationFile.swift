/// A configuration file: options by their names, one a line.
///
///     # Where to listen
///     listen = 127.0.0.1:7410, unix:/run/gatehouse/socket
///     io-queues = 2          # one a core
///     json = yes
///
/// The format, in full: UTF-8 text. Blank lines are skipped; `#` at the start of a line or after a blank starts a
/// comment to the line's end. Every other line is `name = value`: the name of an option without its dashes, blanks
/// around the name and the value do not count. A flag's value is yes or no. A list has commas or several lines of
/// its name; anything else stands once. No quotes, no escapes, no sections, no includes.
struct ConfigurationFile: Sendable {
  /// One value and the line it stands in, from 1.
  struct Entry: Sendable, Equatable {
    let line: Int
    let value: String
  }

  /// A line that is not `name = value`, or a name that stands twice.
  struct LineError: Error, Equatable {
    let line: Int
    let message: String
    let advice: String?
  }

  /// The largest file that is read.
  static let maximumBytes = 1 << 20

  private(set) var entries: [String: [Entry]] = [:]

  /// Reads a file's text.
  ///
  /// - Parameter listNames: the options that may stand in several lines.
  init(_ text: String, listNames: Set<String>) throws(LineError) {
    guard text.utf8.count <= Self.maximumBytes else {
      throw LineError(line: 1, message: "the file is over \(Self.maximumBytes) bytes", advice: nil)
    }
    // `isNewline`, not "\n": Swift reads CR LF as one character.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let content = trimmed(Self.withoutComment(line))
      if !content.isEmpty { try add(content, line: index + 1, listNames: listNames) }
    }
  }

  private mutating func add(_ content: String, line: Int, listNames: Set<String>) throws(LineError) {
    guard let equals = content.firstIndex(of: "=") else {
      throw LineError(line: line, message: "\(content) has no value", advice: "write name = value")
    }
    let name = trimmed(content[..<equals])
    let value = trimmed(content[content.index(after: equals)...])
    if let first = entries[name]?.first, !listNames.contains(name) {
      throw LineError(
        line: line, message: "\(name) was already set in line \(first.line)", advice: "keep one of the two lines")
    }
    entries[name, default: []].append(Entry(line: line, value: value))
  }

  private static func withoutComment(_ line: Substring) -> Substring {
    var previousIsBlank = true
    for index in line.indices {
      if line[index] == "#", previousIsBlank { return line[..<index] }
      previousIsBlank = line[index].isWhitespace
    }
    return line
  }
}
