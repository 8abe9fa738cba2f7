import Testing

@testable import Wire

@Suite("Wire primitives")
struct WirePrimitivesTests {
  /// Numbers about every power of two.
  private var edges: [UInt64] {
    (0..<64).flatMap { shift -> [UInt64] in
      let power: UInt64 = 1 << shift
      return [power - 1, power, power + 1, .max - power]
    }
  }

  /// What `body` reads of the bytes.
  private func read<Value>(_ bytes: [UInt8], _ body: (inout WireReader) throws -> Value) throws -> Value {
    try bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      return try body(&reader)
    }
  }

  /// What a writer with room for 256 bytes wrote.
  private func written(_ body: (inout WireWriter) -> Void) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      var writer = WireWriter(UnsafeMutableRawBufferPointer(buffer))
      body(&writer)
      count = try writer.finish()
    }
  }

  @Test("a varint comes back as it was, whatever follows it")
  func varints() throws {
    for value in edges {
      let bytes = try written { $0.writeVarint(value) }
      #expect(bytes.count == WireWriter.varintLength(value))
      for padding in [0, 1, 9] {
        let padded = bytes + [UInt8](repeating: 0xff, count: padding)
        let (read, offset) = try read(padded) { (try $0.readVarint(), $0.offset) }
        #expect(read == value)
        #expect(offset == bytes.count)
      }
    }
  }

  @Test("a varint that ends too soon or too late is refused")
  func badVarints() {
    let expectations: [([UInt8], WireError.Code)] = [
      ([], .truncated), ([0x80], .truncated), ([UInt8](repeating: 0xff, count: 9), .truncated),
      ([UInt8](repeating: 0xff, count: 10), .varintTooLong), ([UInt8](repeating: 0x80, count: 11), .varintTooLong),
    ]
    for (bytes, code) in expectations {
      #expect(throws: WireError(code, at: 0)) { try read(bytes) { try $0.readVarint() } }
    }
  }

  @Test("tags of one, two and five bytes are read; those that cannot be are refused")
  func tags() throws {
    for number: UInt32 in [1, 15, 16, 2047, 2048, 536_870_911] {
      let tag = WireTag(number, .fixed64)
      #expect(try read(written { $0.writeTag(tag) }) { try $0.readTag() } == tag)
      #expect(tag.number == number && tag.typeNumber == 1)
    }
    let refused: [([UInt8], WireError.Code)] = [
      ([0x00], .invalidFieldNumber), ([0x07], .invalidFieldNumber), ([0x80, 0x00], .invalidFieldNumber),
      ([0x0e], .invalidWireType), ([0x87, 0x01], .invalidWireType), ([0x80], .truncated),
      ([0xff, 0xff, 0xff, 0xff, 0x1f], .invalidFieldNumber), ([0x88, 0x80, 0x80, 0x80, 0x80, 0x00], .varintTooLong),
    ]
    for (bytes, code) in refused {
      #expect(throws: WireError(code, at: 0)) { try read(bytes) { try $0.readTag() } }
    }
  }

  @Test("fixed-width values are little-endian and not read past the end")
  func fixed() throws {
    let bytes = try written {
      $0.writeFixed32(0x0403_0201)
      $0.writeFixed64(0x0c0b_0a09_0807_0605)
    }
    #expect(bytes == Array(1...12))
    #expect(try read(bytes) { try $0.readFixed32() } == 0x0403_0201)
    #expect(throws: WireError(.truncated, at: 4)) {
      try read(bytes.dropLast()) { reader in
        _ = try reader.readFixed32()
        return try reader.readFixed64()
      }
    }
  }

  @Test("a nested message of any length has the shortest length before it", arguments: [0, 1, 127, 128, 200])
  func nested(count: Int) throws {
    let body = [UInt8](repeating: 7, count: count)
    let bytes = try written { writer in
      writer.writeMessage(WireTag(1, .lengthDelimited)) { writer in body.withUnsafeBytes { writer.writeRaw($0) } }
    }
    #expect(bytes == [0x0a] + (count < 128 ? [UInt8(count)] : [UInt8(count & 0x7f) | 0x80, 1]) + body)
  }

  @Test("a writer without room says how much it needed and writes nothing past the end", arguments: 0..<9)
  func overflow(room: Int) {
    var memory = [UInt8](repeating: 0xee, count: 16)
    memory.withUnsafeMutableBytes { memory in
      var writer = WireWriter(UnsafeMutableRawBufferPointer(rebasing: memory[..<room]))
      writer.writeMessage(WireTag(1, .lengthDelimited)) { writer in
        writer.writeVarint(300)
        writer.writeFixed32(1)
      }
      writer.writeVarint(5)
      #expect(throws: WireError(.bufferFull, at: 9)) { try writer.finish() }
      #expect(memory[room...].allSatisfy { $0 == 0xee })
    }
  }

  @Test("zig-zag keeps small numbers small and comes back")
  func zigZag() {
    #expect([0, -1, 1, -2, 2].map { ZigZag.encode(Int64($0)) } == [0, 1, 2, 3, 4])
    for value: Int64 in [.min, .min + 1, -1, 0, 1, .max] {
      #expect(Int64(bitPattern: ZigZag.decode(ZigZag.encode(value))) == value)
    }
    for value: Int32 in [.min, -1, 0, .max] {
      #expect(Int32(bitPattern: ZigZag.decode(ZigZag.encode(value))) == value)
    }
  }
}
