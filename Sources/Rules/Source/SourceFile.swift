/// A rules file in memory: its name (for messages only) and its bytes.
public struct SourceFile: Sendable {
  /// A place in the file as people count it.
  public struct Position: Hashable, Sendable {
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
  }

  /// What messages call the file.
  public let name: String
  /// The file's content; anything that is not UTF-8 is refused by the compiler, not here.
  public let bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  public init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The text of a span; what is not UTF-8 shows as U+FFFD.
  func text(_ span: SourceSpan) -> String {
    String(decoding: bytes[span.start..<span.end], as: UTF8.self)
  }

  /// Where `offset` is. Costs a pass over the file up to it.
  public func position(of offset: Int) -> Position {
    let end = min(offset, bytes.count)
    let start = lineStart(before: end)
    let line = bytes[..<start].reduce(into: 1) { if $1 == UInt8(ascii: "\n") { $0 += 1 } }
    return Position(line: line, column: scalarCount(bytes[start..<end]) + 1)
  }

  /// The bytes of the line that holds `offset`, without its end of line.
  func line(holding offset: Int) -> Range<Int> {
    let start = lineStart(before: min(offset, bytes.count))
    var end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  private func lineStart(before offset: Int) -> Int {
    (bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
  }

  private func scalarCount(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(into: 0) { if $1 & 0xC0 != 0x80 { $0 += 1 } }
  }
}
