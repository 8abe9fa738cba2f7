import Testing
import Wire

@testable import Transport

@Suite("What a server refuses")
struct ServerRefusalTests {
  private static let text = "This port speaks Gatehouse's binary protocol, version 1.\n"

  @Test(
    "an HTTP client reads an HTTP answer",
    arguments: ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST /v1 HTTP/1.0\r\n\r\n"])
  func http(request: String) async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send(Array(request.utf8))
      let answer = String(decoding: try peer.readToEnd(), as: UTF8.self)
      #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
      #expect(answer.hasSuffix("\r\n\r\n\(Self.text)"))
      #expect(answer.contains("Content-Length: \(Self.text.utf8.count)\r\n"))
    }
  }

  @Test("an HTTP/2 client reads a GOAWAY")
  func http2() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
      let answer = try peer.readToEnd()
      #expect(answer.prefix(9) == [0, 0, 0, 4, 0, 0, 0, 0, 0])
      #expect(answer[12] == 7 && answer[25] == 13)
      #expect(answer.dropFirst(26).elementsEqual(Self.text.utf8))
      #expect(Int(answer[11]) == answer.count - 18)
    }
  }

  @Test("a TLS client reads an alert")
  func tls() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
      #expect(try peer.readToEnd() == [0x15, 0x03, 0x03, 0, 2, 2, 40])
    }
  }

  @Test("anybody else reads one line, also when the garbage is long and still coming")
  func garbage() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send([UInt8](repeating: 0, count: 500_000))
      #expect(String(decoding: try peer.readToEnd(), as: UTF8.self) == Self.text)
    }
  }

  @Test("another version of the opening reads the magic and a GO_AWAY")
  func otherVersion() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send([0x47, 0x54, 0x48, 0x53, 0x0D, 0x0A, 9, 0])
      #expect(try peer.read(8) == Opening.magic)
      let frame = try peer.frame()
      #expect(frame.kind == .goAway && frame.status == .failedPrecondition)
      #expect(frame.message.contains("version 9"))
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test(
    "each breach of the protocol is told in a GO_AWAY, then the connection ends; others go on",
    arguments: [
      ([FrameHeader(.response, call: 1).frame()], StatusCode.invalidArgument, "not a client's"),
      ([FrameHeader(.item, call: 1).frame()], .invalidArgument, "not a client's"),
      ([PeerHello().opening.dropFirst(8) + []], .invalidArgument, "HELLO was sent twice"),
      (
        [FrameHeader(.request, method: 1, call: 5).frame(), FrameHeader(.request, method: 1, call: 5).frame()],
        .invalidArgument, "not above 5"
      ),
      ([[0, 0, 0, 0]], .invalidArgument, "length is 0"), ([[3, 0, 0, 0]], .invalidArgument, "length is 3"),
      ([[255, 255, 255, 255]], .resourceExhausted, "above the limit"),
      ([[13, 0, 64, 0]], .resourceExhausted, "4194305"),
      ([[12, 0, 0, 0, 99, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]], .invalidArgument, "99 is no kind"),
      ([[12, 0, 0, 0, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]], .invalidArgument, "flags 1"),
      ([FrameHeader(.request, method: 1).frame()], .invalidArgument, "must not be 0"),
      ([FrameHeader(.credit, call: 1, value: 0).frame()], .invalidArgument, "1 or more"),
      ([FrameHeader(.ping).frame(payload: [UInt8](repeating: 0, count: 65))], .invalidArgument, "64 bytes"),
    ] as [([[UInt8]], StatusCode, String)])
  func breaches(frames: [[UInt8]], code: StatusCode, words: String) async throws {
    try await TestServer.run { test in
      let good = try TestPeer.ready(test.endpoint)
      let bad = try TestPeer.ready(test.endpoint)
      for frame in frames { try bad.send(frame) }
      let goAway = try bad.goAway()
      #expect(goAway.status == code)
      #expect(goAway.message.contains(words), "\(goAway.message)")
      #expect(try bad.readFrame() == nil)
      try good.request(1, [1])
      #expect(try good.frame().payload == [1])
    }
  }

  @Test("calls before the breach are answered, before the GO_AWAY")
  func answeredFirst() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      let calls = (1...20 as ClosedRange<UInt32>).flatMap { FrameHeader(.request, method: 1, call: $0).frame() }
      try peer.send(calls + FrameHeader(.item, call: 1).frame())
      for call in 1...20 as ClosedRange<UInt32> { #expect(try peer.frame().call == call) }
      let goAway = try peer.frame()
      #expect(goAway.kind == .goAway && goAway.call == 20)
    }
  }

  @Test(
    "a frame before HELLO, a HELLO too long, one that is damaged, one that takes too little",
    arguments: [
      (FrameHeader(.request, method: 1, call: 1).frame(), StatusCode.invalidArgument),
      (FrameHeader(.hello).frame(payload: [UInt8](repeating: 0, count: 4097)), .resourceExhausted),
      (FrameHeader(.hello).frame(payload: [0x1A, 9]), .invalidArgument),
      (FrameHeader(.hello).frame(payload: [8, 1, 0x1A, 2, 8, 1]), .invalidArgument),
      (FrameHeader(.hello).frame(payload: []), .failedPrecondition),
    ])
  func badHello(frame: [UInt8], code: StatusCode) async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send(Opening.magic + frame)
      #expect(try peer.read(8) == Opening.magic)
      #expect(try peer.goAway().status == code)
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("noise behind a good opening never harms the others", arguments: 1...40 as ClosedRange<UInt64>)
  func noise(seed: UInt64) async throws {
    try await TestServer.run { test in
      var random = SeededGenerator(seed: seed)
      let good = try TestPeer.ready(test.endpoint)
      let bad = try TestPeer.ready(test.endpoint)
      for call in 1...30 as ClosedRange<UInt32> {
        let kind = FrameKind.allCases.randomElement(using: &random) ?? .ping
        var frame = FrameHeader(kind, method: 1, call: call).frame(
          payload: random.bytes(Int.random(in: 0...50, using: &random)))
        frame[Int.random(in: 0..<16, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try? bad.send(frame)
        try good.request(call, [7])
        #expect(try good.frame() == TestFrame(kind: .response, call: call, value: 0, payload: [7]), "seed \(seed)")
      }
    }
  }
}
