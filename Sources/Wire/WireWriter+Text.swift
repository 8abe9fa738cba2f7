extension WireWriter {
  /// Writes a text field; nothing when it is empty, as proto3 omits defaults.
  public mutating func writeText(_ number: UInt32, _ text: Substring) {
    guard !text.isEmpty else { return }
    var text = text
    writeTag(WireTag(number, .lengthDelimited))
    text.withUTF8 { writeBytes(UnsafeRawBufferPointer($0)) }
  }
}

extension String {
  /// The longest prefix of whole characters that takes at most `limit` bytes of UTF-8.
  public func prefix(utf8Bytes limit: Int) -> Substring {
    guard utf8.count > limit else { return self[...] }
    var end = utf8.index(startIndex, offsetBy: limit)
    while end > startIndex, end.samePosition(in: self) == nil { end = utf8.index(before: end) }
    return self[..<end]
  }
}
