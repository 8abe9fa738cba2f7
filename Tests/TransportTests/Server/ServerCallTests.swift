import Testing
import Wire

@testable import Transport

@Suite("Calls on a server")
struct ServerCallTests {
  @Test("one request, one answer")
  func echo() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, Array("hello".utf8))
      #expect(try peer.frame() == TestFrame(kind: .response, call: 1, value: 0, payload: Array("hello".utf8)))
    }
  }

  @Test("calls may follow the HELLO at once, all in one write")
  func pipelinedWithHello() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      var bytes = PeerHello(agent: "eager").opening
      for call in 1...100 as ClosedRange<UInt32> {
        bytes += FrameHeader(.request, method: 1, call: call).frame(payload: [0, UInt8(call)])
      }
      try peer.send(bytes)
      try peer.readOpening()
      for call in 1...100 as ClosedRange<UInt32> {
        #expect(try peer.frame() == TestFrame(kind: .response, call: call, value: 0, payload: [0, UInt8(call)]))
      }
    }
  }

  @Test("the server's HELLO says its version, limits and name")
  func hello() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      try peer.send(PeerHello(agent: "x").opening)
      let payload = try peer.readOpening().payload
      let hello = try payload.withUnsafeBytes { try PeerHello(payload: $0) }
      #expect(hello.protocolVersion == 1)
      #expect(hello.agent == "test-server")
      #expect(hello.maxPayloadBytes == 4 << 20)
      #expect(hello.maxCallsInFlight == 1024)
    }
  }

  @Test("a request in single bytes is answered like any other")
  func singleBytes() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer(test.endpoint)
      let bytes =
        PeerHello(agent: "slow").opening + FrameHeader(.request, method: 1, call: 9).frame(payload: [1, 2, 3])
      for byte in bytes { try peer.send([byte]) }
      try peer.readOpening()
      #expect(try peer.frame() == TestFrame(kind: .response, call: 9, value: 0, payload: [1, 2, 3]))
    }
  }

  @Test(
    "frames longer than one read arrive whole, and others behind them", arguments: [65_520, 65_537, 300_000, 4 << 20])
  func longFrames(byteCount: Int) async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, [UInt8](repeating: 7, count: byteCount))
      try peer.request(2, [8])
      let first = try peer.frame()
      if byteCount > CallBatch.maxReplyBytes {
        #expect(first.status == .outOfRange)
        #expect(first.message == "\(byteCount) bytes")
      } else {
        #expect(first.payload.count == byteCount)
      }
      #expect(try peer.frame().payload == [8])
    }
  }

  @Test("deferred calls are answered from another thread, in any order, while others go on")
  func deferred() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      let other = try TestPeer.ready(test.endpoint)
      for call in 1...50 as ClosedRange<UInt32> {
        try peer.request(call, Array("D\(call)".utf8))
        try other.request(call, Array("D-\(call)".utf8))
      }
      try peer.request(51, [1])
      #expect(try peer.frame().call == 51)
      try test.until { $0.callsBatched == 101 }
      #expect(test.gate.deferredCount == 100)
      test.gate.release(test.server)
      for call in (1...50 as ClosedRange<UInt32>).reversed() {
        #expect(try peer.frame() == TestFrame(kind: .response, call: call, value: 0, payload: Array("D\(call)".utf8)))
        #expect(try other.frame().payload == Array("D-\(call)".utf8))
      }
    }
  }

  @Test("answering a call whose connection is gone does nothing")
  func deferredToNobody() async throws {
    try await TestServer.run { test in
      do {
        let peer = try TestPeer.ready(test.endpoint)
        try peer.request(1, Array("D".utf8))
        try test.until { $0.callsBatched == 1 }
      }
      let next = try TestPeer.ready(test.endpoint)
      test.gate.release(test.server)
      try next.request(1, [5])
      #expect(try next.frame().payload == [5])
    }
  }

  @Test("unary calls run as tasks and are answered out of order")
  func unary() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 4)
      try peer.request(2, method: 2, Array("shout".utf8))
      #expect(try peer.frame() == TestFrame(kind: .response, call: 2, value: 0, payload: Array("SHOUT".utf8)))
      try peer.send(FrameHeader(.cancel, call: 1))
      let cancelled = try peer.frame()
      #expect(cancelled.call == 1)
      #expect(cancelled.status == .cancelled)
    }
  }

  @Test("an error travels with its message, fields and push-back")
  func errorDetails() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 5)
      let answer = try peer.frame()
      let error = answer.payload.withUnsafeBytes { RPCError(.invalidArgument, payload: $0) }
      #expect(answer.status == .invalidArgument)
      #expect(
        error
          == RPCError(
            .invalidArgument, "wrong", violations: [.init(field: "a.b", description: "missing")], retry: .never))
    }
  }

  @Test("a method the server lacks is UNIMPLEMENTED")
  func unimplemented() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 999)
      #expect(try peer.frame().status == .unimplemented)
      try peer.request(2, [1])
      #expect(try peer.frame().status == .ok)
    }
  }

  @Test("a task out of time is cancelled and answered DEADLINE_EXCEEDED")
  func taskDeadline() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 4, microseconds: 1000)
      #expect(try peer.frame().status == .deadlineExceeded)
      try test.until { $0.callsExpired == 1 }
    }
  }

  @Test("IPv6 and Unix sockets serve like IPv4")
  func families() async throws {
    let path = "/tmp/gatehouse-test-\(UInt64.random(in: 0 ... .max)).sock"
    let endpoints: [Endpoint] = [.tcp(host: "127.0.0.1", port: 0), .tcp(host: "::1", port: 0), .unix(path: path)]
    try await TestServer.run {
      $0.endpoints = endpoints
    } _: { test in
      #expect(test.endpoints.count == 3)
      for endpoint in test.endpoints {
        let peer = try TestPeer.ready(endpoint)
        try peer.request(1, Array("\(endpoint)".utf8))
        #expect(try peer.frame().payload == Array("\(endpoint)".utf8))
      }
    }
  }
}
