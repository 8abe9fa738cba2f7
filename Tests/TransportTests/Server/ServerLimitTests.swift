import Foundation
import Glibc
import Testing
import Wire

@testable import Transport

@Suite("What a server bounds")
struct ServerLimitTests {
  @Test("calls in flight: one too many is told when to come back")
  func inFlight() async throws {
    try await TestServer.run {
      $0.limits.maxCallsInFlight = 3
    } _: { test in
      let peer = try TestPeer.ready(test.endpoint)
      for call in 1...4 as ClosedRange<UInt32> { try peer.request(call, Array("D".utf8)) }
      let refused = try peer.frame()
      #expect(refused.call == 4 && refused.status == .resourceExhausted)
      #expect(refused.payload.withUnsafeBytes { RPCError(.ok, payload: $0) }.retry == .after(milliseconds: 10))
      try test.until { $0.callsBatched == 3 }
      test.gate.release(test.server)
      for _ in 0..<3 { #expect(try peer.frame().status == .ok) }
      try peer.request(5, [1])
      #expect(try peer.frame().call == 5)
    }
  }

  @Test("tasks: one too many, or with too long a request, is told when to come back; room returns with their end")
  func tasks() async throws {
    try await TestServer.run {
      ($0.limits.maxTasks, $0.limits.maxTaskRequestBytes) = (3, 1_000)
    } _: { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 4, [UInt8](repeating: 0, count: 600))
      try peer.request(2, method: 4, [UInt8](repeating: 0, count: 401))
      #expect(try peer.frame().status == .resourceExhausted)
      try peer.request(3, method: 4, [UInt8](repeating: 0, count: 400))
      try peer.request(4, method: 4)
      try peer.request(5, method: 4)
      let refused = try peer.frame()
      #expect(refused.call == 5 && refused.status == .resourceExhausted)
      #expect(refused.payload.withUnsafeBytes { RPCError(.ok, payload: $0) }.retry == .after(milliseconds: 100))
      for call in [1, 3, 4] as [UInt32] {
        try peer.send(FrameHeader(.cancel, call: call))
        #expect(try peer.frame().status == .cancelled)
      }
      // A cancelled task holds its request until it has ended.
      var call: UInt32 = 5
      repeat {
        call += 1
        try peer.request(call, method: 2, [UInt8](repeating: 65, count: 1_000))
      } while try peer.frame().status == .resourceExhausted
    }
  }

  @Test("connections: one too many reads the magic and UNAVAILABLE")
  func connections() async throws {
    try await TestServer.run {
      $0.limits.maxConnections = 2
    } _: { test in
      var held = [try TestPeer.ready(test.endpoint), try TestPeer.ready(test.endpoint)]
      let refused = try TestPeer(test.endpoint)
      try refused.send(PeerHello(agent: "late").opening)
      #expect(try refused.read(8) == Opening.magic)
      #expect(try refused.frame().status == .unavailable)
      #expect(try refused.readFrame() == nil)
      try test.until { $0.refusedOverLimit == 1 }
      held.removeLast()
      try test.until { $0.connectionsClosed >= 1 }
      refused.finishWriting()
      try test.until { $0.connectionsOpen == 1 }
      let next = try TestPeer.ready(test.endpoint)
      try next.request(1, [3])
      #expect(try next.frame().payload == [3])
      #expect(held.count == 1)
    }
  }

  @Test("a peer that never says HELLO is told so after five seconds of the server's clock", arguments: [false, true])
  func handshake(saysMagic: Bool) async throws {
    let clock = TestClock()
    try await TestServer.run {
      $0.clock = clock.clock
    } _: { test in
      let peer = try TestPeer(test.endpoint)
      if saysMagic {
        try peer.send(Opening.magic)
        try peer.readOpening()
      }
      try test.until { $0.connectionsAccepted == 1 }
      clock.advance(.seconds(6))
      if saysMagic {
        #expect(try peer.goAway().status == .deadlineExceeded)
      } else {
        #expect(String(decoding: try peer.readToEnd(), as: UTF8.self) == LastWords.text)
      }
    }
  }

  @Test("an idle connection is told OK and closed; a silent one is asked, then closed")
  func idleAndSilent() async throws {
    let clock = TestClock()
    try await TestServer.run {
      $0.clock = clock.clock
    } _: { test in
      let idle = try TestPeer.ready(test.endpoint)
      clock.advance(.seconds(61))
      #expect(try idle.frame().kind == .ping)
      try idle.send(FrameHeader(.pong))
      try idle.send(FrameHeader(.ping, value: 5), [1, 2])
      #expect(try idle.frame() == TestFrame(kind: .pong, call: 0, value: 5, payload: [1, 2]))
      clock.advance(.seconds(240))
      let goAway = try idle.goAway()
      #expect(goAway.status == .ok && goAway.message.contains("idle"))
      #expect(try idle.readFrame() == nil)

      let silent = try TestPeer.ready(test.endpoint)
      clock.advance(.seconds(61))
      #expect(try silent.frame().kind == .ping)
      clock.advance(.seconds(21))
      #expect(try silent.readFrame() == nil)
    }
  }

  @Test("a frame that is begun and not finished ends its connection only")
  func slowFrame() async throws {
    let clock = TestClock()
    try await TestServer.run {
      $0.clock = clock.clock
    } _: { test in
      let slow = try TestPeer.ready(test.endpoint)
      try slow.send(Array(FrameHeader(.request, method: 1, call: 1).frame(payload: [1, 2, 3]).dropLast()))
      try slow.send([])
      let good = try TestPeer.ready(test.endpoint)
      try good.request(1, [1])
      _ = try good.frame()
      clock.advance(.seconds(31))
      #expect(try slow.goAway().status == .deadlineExceeded)
      try good.request(2, [2])
      #expect(try good.frame().payload == [2])
    }
  }

  @Test("a peer that does not read stops being read, costs bounded memory, and goes on when it reads")
  func slowReader() async throws {
    try await TestServer.run {
      $0.limits.maxUnreadBytes = 100_000
    } _: { test in
      let peer = try TestPeer(test.endpoint, receiveBufferBytes: 4096)
      try peer.send(PeerHello(agent: "slow").opening)
      try peer.readOpening()
      let calls: UInt32 = 1000
      let payload = [UInt8](repeating: 9, count: 20_000)
      let socket = peer.socket
      Thread.detachNewThread {
        for call in 1...calls {
          let frame = FrameHeader(.request, method: 1, call: call).frame(payload: payload)
          var sent = 0
          while sent < frame.count {
            sent += (try? frame[sent...].withUnsafeBytes { try socket.write($0) }) ?? frame.count
          }
        }
      }
      try test.until { $0.backPressure >= 1 }
      // The rest of the calls waits on the client's side.
      #expect(test.server.counters.framesRead < UInt64(calls))
      for call in 1...calls {
        let answer = try peer.frame()
        #expect(answer.call == call && answer.payload.count == payload.count)
      }
    }
  }

  @Test("PINGs without end, CANCELs without calls: GO_AWAY", arguments: [FrameKind.ping, .cancel])
  func floods(kind: FrameKind) async throws {
    try await TestServer.run {
      $0.limits.maxSurplusCancels = 50
    } _: { test in
      let peer = try TestPeer.ready(test.endpoint)
      let flood = (0..<100).flatMap { _ in FrameHeader(kind, call: kind == .cancel ? 1 : 0).frame() }
      try peer.send(flood)
      #expect(try peer.goAway().status == .resourceExhausted)
    }
  }

  @Test("answers that nobody reads have a budget for all connections together", arguments: [1, 2] as [UInt16])
  func unreadBudget(method: UInt16) async throws {
    try await TestServer.run {
      $0.limits.maxUnreadBytesOfAll = 500_000
    } _: { test in
      let good = try TestPeer.ready(test.endpoint)
      let payload = [UInt8](repeating: 7, count: 60_000)
      var deaf: [TestPeer] = []
      var call: UInt32 = 0
      while test.server.counters.limitsExceeded == 0, deaf.count < 200 {
        let peer = try TestPeer(test.endpoint, receiveBufferBytes: 4_096)
        try peer.send(PeerHello(agent: "deaf").opening)
        // More than both sides' sockets hold, less than what one connection may leave unread.
        for number in 1...64 as ClosedRange<UInt32> {
          guard (try? peer.request(number, method: method, payload)) != nil else { break }
        }
        deaf.append(peer)
        call += 1
        try good.request(call, [1])
        #expect(try good.frame().payload == [1])
      }
      try test.until { $0.limitsExceeded > 0 }
    }
  }

  @Test("bytes that lead to no batched call, however many, leave the read arena as they found it")
  func unbatchedBytes() async throws {
    try await TestServer.run { test in
      let payload = [UInt8](repeating: 65, count: 60_000)
      let peer = try TestPeer.ready(test.endpoint)
      for call in 1...100 as ClosedRange<UInt32> {
        try peer.request(call, method: 2, payload)
        #expect(try peer.frame().payload == payload)
      }
      for _ in 0..<50 {
        let stranger = try TestPeer(test.endpoint)
        try stranger.send(payload)
        #expect(String(decoding: try stranger.readToEnd(), as: UTF8.self) == LastWords.text)
      }
      #expect(test.server.counters.bytesRead > UInt64(4 * ServerQueue.readArenaBytes))
    }
  }

  @Test("unfinished frames of all connections together have a budget")
  func unfinishedBudget() async throws {
    try await TestServer.run {
      // The budget is each I/O queue's own.
      $0.ioQueues = 1
      $0.limits.maxUnfinishedBytes = 300_000
    } _: { test in
      let peers = try (0..<4).map { _ in try TestPeer.ready(test.endpoint) }
      let part = Array(
        FrameHeader(.request, method: 1, call: 1).frame(payload: [UInt8](repeating: 0, count: 200_000)).prefix(100_000))
      for peer in peers { try? peer.send(part) }
      try test.until { $0.limitsExceeded >= 1 }
      let next = try TestPeer.ready(test.endpoint)
      try next.request(1, [1])
      #expect(try next.frame().payload == [1])
    }
  }

  @Test("an answer longer than the client takes is refused, not sent")
  func answerTooLong() async throws {
    var methods = MethodTable()
    methods.addUnary(1) { (_, _) throws(RPCError) in [UInt8](repeating: 0, count: 70_000) }
    methods.addServerStream(2) { (_, _, writer) throws(RPCError) in
      try await writer.send([1])
      try await writer.send([UInt8](repeating: 0, count: 70_000))
    }
    try await TestServer.run(methods: methods) { test in
      var hello = PeerHello(agent: "small")
      hello.maxPayloadBytes = 65_536
      let peer = try TestPeer.ready(test.endpoint, hello: hello)
      try peer.request(1, method: 1)
      #expect(try peer.frame().status == .resourceExhausted)
      try peer.request(2, method: 2)
      #expect(try peer.frame() == TestFrame(kind: .item, call: 2, value: 0, payload: [1]))
      #expect(try peer.frame().status == .resourceExhausted)
    }
  }

  @Test("a half-open peer is found by keepalive, and its tasks are cancelled")
  func halfOpen() async throws {
    let clock = TestClock()
    try await TestServer.run {
      $0.clock = clock.clock
    } _: { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 4)
      try test.until { $0.tasksStarted == 1 }
      clock.advance(.seconds(61))
      #expect(try peer.frame().kind == .ping)
      clock.advance(.seconds(21))
      #expect(try peer.readFrame() == nil)
      try test.until { $0.connectionsOpen == 0 }
    }
  }

  @Test("an address that is taken is an error that says so, and leaves nothing behind")
  func addressInUse() async throws {
    try await TestServer.run { test in
      let configuration = ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0), test.endpoint])
      let second = RPCServer(configuration: configuration, methods: .echo, batchHandler: EchoGate())
      let error = #expect(throws: TransportError.self) { try second.start() }
      #expect(error?.code == .addressInUse)
    }
  }

  @Test("out of descriptors, open connections go on, the next is told, and accepting resumes")
  func outOfDescriptors() async throws {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 64, rlim_max: 64)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      try await TestServer.run { test in
        let good = try TestPeer.ready(test.endpoint)
        var hoard: [Int32] = []
        // The sockets of the two that knock next are kept free.
        let knocking = try Socket.stream(family: AF_INET)
        while true {
          let descriptor = dup(0)
          if descriptor < 0 { break }
          hoard.append(descriptor)
        }
        let address = try SocketAddress.resolve(.tcp(host: "127.0.0.1", port: test.port), passive: false)[0]
        _ = try knocking.connect(to: address)
        try test.until { $0.refusedOutOfDescriptors == 1 }
        try good.request(1, [1])
        let answer = try good.frame()
        precondition(answer.payload == [1])
        for descriptor in hoard { close(descriptor) }
        let next = try TestPeer.ready(test.endpoint)
        try next.request(1, [2])
        let second = try next.frame()
        precondition(second.payload == [2])
      }
    }
  }
}

extension TestServer {
  fileprivate var port: UInt16 { if case .tcp(_, let port) = endpoint { port } else { 0 } }
}
