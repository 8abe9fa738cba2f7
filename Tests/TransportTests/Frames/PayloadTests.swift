import Testing
import Wire

@testable import Transport

@Suite("The connection's own payloads")
struct PayloadTests {
  @Test("a Status is the bytes that protoc would write")
  func statusBytes() {
    let error = RPCError(
      .invalidArgument, "no", violations: [.init(field: "a", description: "b")], retry: .after(milliseconds: 300))
    #expect(error.payload == [0x0A, 2, 110, 111, 0x12, 6, 0x0A, 1, 97, 0x12, 1, 98, 0x1A, 3, 0x08, 0xAC, 0x02])
  }

  @Test(
    "a Status comes back as it went",
    arguments: [
      RPCError(.unavailable, ""), RPCError(.aborted, "größer", retry: .never),
      RPCError(.resourceExhausted, "m", violations: [], retry: .after(milliseconds: 0)),
      RPCError(
        .invalidArgument, "m", violations: [.init(field: "", description: ""), .init(field: "x", description: "y")]),
    ])
  func roundTrip(error: RPCError) {
    #expect(error.payload.withUnsafeBytes { RPCError(error.code, payload: $0) } == error)
  }

  @Test("a message too long is cut between characters")
  func longMessage() {
    let error = RPCError(.internal, String(repeating: "é", count: 600) + "x")
    let back = error.payload.withUnsafeBytes { RPCError(.internal, payload: $0) }
    #expect(back.message == String(repeating: "é", count: 512))
    #expect("aé".prefix(utf8Bytes: 2) == "a")
  }

  @Test("a payload that is no Status keeps its code")
  func malformed() {
    for bytes in [[0x0A, 9], [0x0A, 1, 0xFF], [0xFF], [0x12, 2, 0x0A, 7]] as [[UInt8]] {
      let error = bytes.withUnsafeBytes { RPCError(.notFound, payload: $0) }
      #expect(error.code == .notFound)
      #expect(error.message.contains("malformed"))
    }
  }

  @Test("fields that are not known are skipped")
  func unknownFields() {
    let bytes: [UInt8] = [0x50, 1, 0x0A, 1, 120, 0x7A, 2, 0, 0]
    #expect(bytes.withUnsafeBytes { RPCError(.ok, payload: $0) }.message == "x")
  }

  @Test("a HELLO comes back as it went")
  func hello() throws {
    var hello = PeerHello(agent: "checkout/1.4")
    hello.capabilities = ["a", "b"]
    hello.maxPayloadBytes = 70_000
    hello.maxCallsInFlight = 9
    hello.idleTimeoutMilliseconds = 1
    #expect(try hello.payload.withUnsafeBytes { try PeerHello(payload: $0) } == hello)
  }

  @Test("an agent too long is cut, a HELLO that is damaged is refused")
  func badHello() throws {
    let long = PeerHello(agent: String(repeating: "x", count: 300))
    #expect(try long.payload.withUnsafeBytes { try PeerHello(payload: $0) }.agent.count == 128)
    #expect(throws: WireError.self) { try [0x1A, 5, 1].withUnsafeBytes { try PeerHello(payload: $0) } }
  }

  @Test(
    "the first bytes tell who knocks",
    arguments: [
      ("GET / HTTP/1.1\r\n", Opening.Verdict.http), ("POST /x", .http), ("PUT /", .http), ("HEAD ", .http),
      ("OPTIONS", .http), ("DELETE", .http), ("PATCH", .http), ("CONNECT", .http), ("TRACE", .http),
      ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2), ("\u{16}\u{03}\u{01}", .tls), ("GTHS\r\n\u{01}\0", .magic),
      ("GTHS\r\n\u{02}\0", .otherVersion(2)), ("GTHS\n\n\u{01}\0", .unknown), ("hello", .unknown), ("\0", .unknown),
    ])
  func verdict(text: String, expected: Opening.Verdict) {
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { Opening.verdict($0) } == expected)
    // Fewer bytes say the same, or nothing yet.
    for count in 0..<bytes.count {
      let early = bytes[..<count].withUnsafeBytes { Opening.verdict(UnsafeRawBufferPointer(rebasing: $0[...])) }
      #expect(early == nil || early == expected)
    }
  }
}
