import Testing
import Wire

@Suite("Frames")
struct FrameTests {
  @Test("a header is the sixteen bytes that wire.md draws")
  func layout() {
    let bytes = FrameHeader(.request, method: 0x0102, call: 0x0304_0506, value: 0x0708_090A).frame(payload: [0xEE])
    #expect(
      bytes == [13, 0, 0, 0, 2, 0, 0x02, 0x01, 0x06, 0x05, 0x04, 0x03, 0x0A, 0x09, 0x08, 0x07, 0xEE])
    let header = bytes.withUnsafeBytes { FrameHeader(loading: $0.baseAddress!) }
    #expect(header.kind == .request)
    #expect(header.method == 0x0102)
    #expect(header.call == 0x0304_0506)
    #expect(header.value == 0x0708_090A)
    #expect(header.payloadByteCount == 1)
  }

  @Test("a frame is split once its last byte is there, and not before")
  func needsMore() throws {
    let bytes = FrameHeader(.ping, value: 7).frame(payload: [1, 2, 3])
    for count in 0..<bytes.count {
      let isNil = try bytes[..<count].withUnsafeBytes { try Frame.split($0, maxPayloadBytes: 64) == nil }
      #expect(isNil)
    }
    try (bytes + [9]).withUnsafeBytes { whole in
      let frame = try #require(try Frame.split(whole, maxPayloadBytes: 64))
      #expect(Array(frame.payload) == [1, 2, 3])
      #expect(frame.byteCount == bytes.count)
    }
  }

  @Test("a length that no frame has is refused by its four bytes alone", arguments: [0, 3, 11] as [UInt32])
  func tooShort(length: UInt32) {
    #expect(throws: FrameError.tooShort(length: length)) { try Self.split(length: length, limit: 4 << 20) }
  }

  @Test("a payload above the limit is refused before it is there", arguments: [101, 4 << 20, UInt32.max - 12])
  func tooLong(payload: UInt32) {
    #expect(throws: FrameError.tooLong(payloadByteCount: Int(payload), limit: 100)) {
      try Self.split(length: payload + 12, limit: 100)
    }
  }

  @Test("a payload at the limit is taken")
  func atLimit() throws {
    let isNil = try Self.split(length: 112, limit: 100)
    #expect(isNil)
  }

  private static func split(length: UInt32, limit: Int) throws -> Bool {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * UInt32($0))) }
    return try bytes.withUnsafeBytes { try Frame.split($0, maxPayloadBytes: limit) == nil }
  }

  static let wellFormed: [FrameHeader] = [
    FrameHeader(.hello, payloadByteCount: 10), FrameHeader(.request, method: 9, call: 1, value: 5),
    FrameHeader(.response, call: 1, value: 16, payloadByteCount: 3), FrameHeader(.item, call: 2, payloadByteCount: 9),
    FrameHeader(.credit, call: 2, value: 1), FrameHeader(.cancel, call: 2), FrameHeader(.ping, value: 9),
    FrameHeader(.pong, value: 9, payloadByteCount: 64), FrameHeader(.goAway, call: 8, value: 14, payloadByteCount: 2),
  ]

  @Test("every kind has a shape that is accepted", arguments: wellFormed)
  func accepted(header: FrameHeader) { #expect(header.violation == nil) }

  @Test(
    "every other shape is named",
    arguments: [
      (FrameHeader(.hello, call: 1), FrameError.Shape.callMustBeZero),
      (FrameHeader(.hello, value: 1), .valueMustBeZero),
      (FrameHeader(.hello, method: 1), .methodMustBeZero), (FrameHeader(.request, call: 0), .callMustNotBeZero),
      (FrameHeader(.response, call: 0), .callMustNotBeZero),
      (FrameHeader(.response, call: 1, value: 17), .valueMustBeStatus),
      (FrameHeader(.response, call: 1, value: 256), .valueMustBeStatus),
      (FrameHeader(.item, call: 1, value: 1), .valueMustBeZero),
      (FrameHeader(.credit, call: 1, value: 0), .valueMustNotBeZero),
      (FrameHeader(.credit, call: 1, value: 1, payloadByteCount: 1), .payloadMustBeEmpty),
      (FrameHeader(.cancel, call: 1, value: 1), .valueMustBeZero), (FrameHeader(.cancel, call: 0), .callMustNotBeZero),
      (FrameHeader(.cancel, call: 1, payloadByteCount: 1), .payloadMustBeEmpty),
      (FrameHeader(.ping, call: 1), .callMustBeZero), (FrameHeader(.ping, payloadByteCount: 65), .payloadMustBeShort),
      (FrameHeader(.pong, method: 1), .methodMustBeZero), (FrameHeader(.goAway, value: 17), .valueMustBeStatus),
    ])
  func refused(header: FrameHeader, shape: FrameError.Shape) throws {
    let kind = try #require(header.kind)
    #expect(header.violation == .wrongShape(kind, shape))
    #expect(FrameError.wrongShape(kind, shape).code == .invalidArgument)
  }

  @Test("undefined flags and unknown kinds are refused, whatever else is right", arguments: wellFormed)
  func flagsAndKinds(header: FrameHeader) {
    for bit in 0..<8 {
      var flagged = header
      flagged.flags = 1 << bit
      #expect(flagged.violation == header.kind.map { .undefinedFlags($0, 1 << bit) })
    }
    var unknown = header
    for kind in [0, 10, 255] as [UInt8] {
      unknown.rawKind = kind
      #expect(unknown.violation == .unknownKind(kind))
    }
  }

  @Test("the codes are gRPC's, names and numbers")
  func codes() {
    #expect(StatusCode.allCases.map(\.rawValue) == Array(0...16))
    #expect(StatusCode.deadlineExceeded.name == "DEADLINE_EXCEEDED" && StatusCode.deadlineExceeded.rawValue == 4)
    #expect(StatusCode.unauthenticated.name == "UNAUTHENTICATED" && StatusCode.unauthenticated.rawValue == 16)
    #expect(Set(StatusCode.allCases.map(\.name)).count == 17)
    #expect(StatusCode(exactly: 17) == nil && StatusCode(exactly: 256) == nil)
  }
}
