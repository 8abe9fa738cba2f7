// The payload of an answer whose status is not OK, and of GO_AWAY (gatehouse.proto, `Status`):
//
//     message     1  text, at most 1,024 bytes
//     violations  2  repeated { field 1 text, description 2 text }
//     retry       3  { after_ms 1 varint, never 2 bool }
//
// Written by hand because the transport stands below the generated messages.

extension RPCError {
  /// The error as the payload of a frame, its code aside.
  public var payload: [UInt8] {
    // Tags and lengths take at most 6 bytes each; 3 bytes of UTF-8 stand for a character that must be cut.
    let room = violations.reduce(Self.maxMessageBytes + 32) {
      $0 + $1.field.utf8.count + $1.description.utf8.count + 24
    }
    return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      var writer = WireWriter(UnsafeMutableRawBufferPointer(buffer))
      write(to: &writer)
      // It fits: `room` is the sum of the largest forms.
      count = writer.hasOverflowed ? 0 : writer.count
    }
  }

  private func write(to writer: inout WireWriter) {
    writer.writeText(1, message.prefix(utf8Bytes: Self.maxMessageBytes))
    for violation in violations {
      writer.writeMessage(WireTag(2, .lengthDelimited)) { nested in
        nested.writeText(1, violation.field[...])
        nested.writeText(2, violation.description[...])
      }
    }
    guard let retry else { return }
    writer.writeMessage(WireTag(3, .lengthDelimited)) { nested in
      switch retry {
      case .after(let milliseconds):
        nested.writeTag(WireTag(1, .varint))
        nested.writeVarint(UInt64(milliseconds))
      case .never:
        nested.writeTag(WireTag(2, .varint))
        nested.writeVarint(1)
      }
    }
  }

  /// The error that a peer sent with `code`. A payload that is no `Status` keeps the code and says so.
  public init(_ code: StatusCode, payload: UnsafeRawBufferPointer) {
    self.init(code, "")
    do throws(WireError) {
      var reader = WireReader(payload)
      try read(from: &reader, payload)
    } catch {
      message = "the peer's explanation is malformed: \(error)"
    }
  }

  private mutating func read(from reader: inout WireReader, _ payload: UnsafeRawBufferPointer) throws(WireError) {
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      switch tag {
      case WireTag(1, .lengthDelimited): message = try reader.readText().text(in: payload)
      case WireTag(2, .lengthDelimited):
        let outer = try reader.enterMessage()
        violations.append(try Violation(from: &reader, payload))
        reader.leaveMessage(outer)
      case WireTag(3, .lengthDelimited):
        let outer = try reader.enterMessage()
        retry = try Retry(from: &reader)
        reader.leaveMessage(outer)
      default: try reader.skip(tag)
      }
    }
  }
}

extension RPCError.Violation {
  fileprivate init(from reader: inout WireReader, _ payload: UnsafeRawBufferPointer) throws(WireError) {
    self.init(field: "", description: "")
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      switch tag {
      case WireTag(1, .lengthDelimited): field = try reader.readText().text(in: payload)
      case WireTag(2, .lengthDelimited): description = try reader.readText().text(in: payload)
      default: try reader.skip(tag)
      }
    }
  }
}

extension RPCError.Retry {
  fileprivate init(from reader: inout WireReader) throws(WireError) {
    self = .after(milliseconds: 0)
    while !reader.isAtEnd {
      let tag = try reader.readTag()
      switch tag {
      case WireTag(1, .varint): self = .after(milliseconds: UInt32(truncatingIfNeeded: try reader.readVarint()))
      case WireTag(2, .varint): if try reader.readVarint() != 0 { self = .never }
      default: try reader.skip(tag)
      }
    }
  }
}
