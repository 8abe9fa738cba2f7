import Testing
import Wire

@testable import Transport

@Suite("Connections take turns")
struct ServerTurnTests {
  private static let calls: UInt32 = 1_000

  private static var requests: [UInt8] {
    (1...calls).flatMap { FrameHeader(.request, method: 1, call: $0).frame(payload: [0, UInt8($0 & 0xFF)]) }
  }

  private static func expectAnswers(_ peer: TestPeer) throws {
    for call in 1...calls {
      let answer = try peer.frame()
      #expect(answer.call == call && answer.payload == [0, UInt8(call & 0xFF)])
    }
  }

  @Test("what one sends at once is answered a turn at a time, in order")
  func turns() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.send(Self.requests)
      try Self.expectAnswers(peer)
      #expect(test.gate.largestBatch.load(ordering: .relaxed) <= ServerQueue.framesPerTurn)
    }
  }

  @Test("the peer's end behind a thousand calls, and the beginning of a frame that never ends, lose none of them")
  func endBehindCalls() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.send(Self.requests + FrameHeader(.request, method: 1, call: 5_000).frame(payload: [1, 2]).dropLast())
      peer.finishWriting()
      try Self.expectAnswers(peer)
    }
  }

  @Test("frames aside that are malformed end the connection behind the answers to those before")
  func malformedAside() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.send(Self.requests + [UInt8](repeating: 0, count: 16))
      try Self.expectAnswers(peer)
      #expect(try peer.goAway().status == .invalidArgument)
    }
  }

  @Test("where there is no room to put frames aside they are taken at once")
  func noRoom() async throws {
    try await TestServer.run {
      $0.ioQueues = 1
      $0.limits.maxUnfinishedBytes = 50_000
    } _: { test in
      let slow = try TestPeer.ready(test.endpoint)
      let part = FrameHeader(.request, method: 1, call: 1).frame(payload: [UInt8](repeating: 0, count: 40_000))
      try slow.send(Array(part.dropLast(5_000)))
      try test.until { $0.bytesRead > 35_000 }
      let peer = try TestPeer.ready(test.endpoint)
      try peer.send(Self.requests)
      try Self.expectAnswers(peer)
    }
  }
}
