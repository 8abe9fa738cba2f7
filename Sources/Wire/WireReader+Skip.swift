extension WireReader {
  /// Steps over the value after a tag whose field is not known, whole groups included.
  ///
  /// Errors: those of reading it; `unexpectedEndGroup`, `unterminatedGroup`, `nestingTooDeep`.
  public mutating func skip(_ tag: WireTag) throws(WireError) {
    switch tag.typeNumber {
    case WireType.varint.rawValue: _ = try readVarint()
    case WireType.fixed64.rawValue: _ = try readFixed64()
    case WireType.fixed32.rawValue: _ = try readFixed32()
    case WireType.lengthDelimited.rawValue: _ = try readSlice()
    case WireType.startGroup.rawValue: try skipGroup(tag.number)
    default: throw WireError(.unexpectedEndGroup, at: offset)
    }
  }

  /// Steps over a group whose begin has been read. Recursion is bounded by `remainingNesting`.
  private mutating func skipGroup(_ number: UInt32) throws(WireError) {
    let start = offset
    guard nesting > 0 else { throw WireError(.nestingTooDeep, at: start) }
    nesting -= 1
    defer { nesting += 1 }
    while !isAtEnd {
      let tag = try readTag()
      if tag.typeNumber == WireType.endGroup.rawValue {
        guard tag.number == number else { throw WireError(.unexpectedEndGroup, at: offset) }
        return
      }
      try skip(tag)
    }
    throw WireError(.unterminatedGroup, at: start)
  }
}
