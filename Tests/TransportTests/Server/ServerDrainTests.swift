import Testing
import Wire

@testable import Transport

@Suite("Draining a server")
struct ServerDrainTests {
  @Test("every call that was accepted is answered; GO_AWAY names the last of them; then the connection ends")
  func nothingLost() async throws {
    try await TestServer.run { test in
      let peers = try (0..<8).map { _ in try TestPeer.ready(test.endpoint) }
      for peer in peers {
        for call in 1...20 as ClosedRange<UInt32> { try peer.request(call, Array("D\(call)".utf8)) }
      }
      try test.until { $0.callsBatched == 160 }
      test.beginDraining()
      for peer in peers {
        let goAway = try peer.frame()
        #expect(goAway.kind == .goAway && goAway.status == .ok && goAway.call == 20)
        // Behind GO_AWAY: never begun, never answered.
        try peer.request(21, [1])
      }
      test.gate.release(test.server)
      for peer in peers {
        var answered: Set<UInt32> = []
        while let frame = try peer.readFrame() {
          #expect(frame.kind == .response && frame.status == .ok)
          answered.insert(frame.call)
        }
        #expect(answered == Set(1...20))
      }
      #expect(test.gate.seen.load(ordering: .relaxed) == 160)
    }
  }

  @Test("calls that race with the drain are answered if they are not above the GO_AWAY's", arguments: 1...5)
  func race(round: Int) async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      var call: UInt32 = 0
      for _ in 0..<50 * round {
        call += 1
        try peer.request(call, [1])
      }
      test.beginDraining()
      var answered: Set<UInt32> = []
      var last: UInt32 = 0
      while let frame = try peer.readFrame() {
        if frame.kind == .goAway { last = frame.call } else { answered.insert(frame.call) }
      }
      #expect(answered == Set(1..<(last + 1)))
    }
  }

  @Test("running tasks are waited for, and streams come to their end")
  func tasks() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 3, [40])
      for item in 0..<16 as Range<UInt8> { #expect(try peer.frame().payload == [item]) }
      test.beginDraining()
      #expect(try peer.frame().kind == .goAway)
      try peer.send(FrameHeader(.credit, call: 1, value: 24))
      for item in 16..<40 as Range<UInt8> { #expect(try peer.frame().payload == [item]) }
      #expect(try peer.frame() == TestFrame(kind: .response, call: 1, value: 0, payload: []))
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("what is not over in time is told UNAVAILABLE")
  func outOfTime() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, Array("D".utf8))
      try test.until { $0.callsBatched == 1 }
      test.beginDraining(within: .milliseconds(10))
      #expect(try peer.frame().status == .ok)
      #expect(try peer.frame().status == .unavailable)
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("a peer that has not opened is told too")
  func unopened() async throws {
    try await TestServer.run {
      $0.limits.handshakeTimeout = .seconds(600)
    } _: { test in
      let peer = try TestPeer(test.endpoint)
      try test.until { $0.connectionsAccepted == 1 }
      test.beginDraining()
      #expect(try peer.read(8) == Opening.magic)
      #expect(try peer.frame().kind == .goAway)
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("calls that ran out of time behind the client's farewell are answered, then the connection ends")
  func expiredBehindFarewell() async throws {
    let clock = TestClock()
    let ticking = MonotonicClock {
      clock.advance(.microseconds(1))
      return clock.clock.now()
    }
    try await TestServer.run {
      $0.clock = ticking
    } _: { test in
      let peer = try TestPeer.ready(test.endpoint)
      let request = FrameHeader(.request, method: 1, call: 1, value: 1).frame(payload: [1])
      try peer.send(request + FrameHeader(.goAway).frame())
      #expect(try peer.frame().status == .deadlineExceeded)
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("a client that has said farewell and then ends is let go, though a task of its runs")
  func endBehindFarewell() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 4)
      try peer.send(FrameHeader(.goAway))
      try test.until { $0.tasksStarted == 1 }
      peer.finishWriting()
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("a client that ends while the server drains does not hold it up")
  func endBehindDrain() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 4)
      try test.until { $0.tasksStarted == 1 }
      test.beginDraining()
      #expect(try peer.frame().kind == .goAway)
      peer.finishWriting()
      #expect(try peer.readFrame() == nil)
    }
  }

  @Test("the client's end of the stream: what was read is answered, then the connection ends")
  func peerEnds() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      for call in 1...10 as ClosedRange<UInt32> { try peer.request(call, [2]) }
      try peer.request(11, Array("D".utf8))
      peer.finishWriting()
      for call in 1...10 as ClosedRange<UInt32> { #expect(try peer.frame().call == call) }
      try test.until { $0.callsBatched == 11 }
      test.gate.release(test.server)
      #expect(try peer.frame().call == 11)
      #expect(try peer.readFrame() == nil)
    }
  }
}
