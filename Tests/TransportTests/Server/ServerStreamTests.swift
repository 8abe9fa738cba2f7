import Glibc
import Synchronization
import Testing
import Wire

@testable import Transport

@Suite("Streams of a server")
struct ServerStreamTests {
  @Test("items stop when the credit is used up, others go on, and CREDIT starts them again")
  func credit() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 3, [18])
      for item in 0..<16 as Range<UInt8> {
        #expect(try peer.frame() == TestFrame(kind: .item, call: 1, value: 0, payload: [item]))
      }
      try peer.request(2, [5])
      #expect(try peer.frame() == TestFrame(kind: .response, call: 2, value: 0, payload: [5]))
      try peer.send(FrameHeader(.credit, call: 1, value: 1))
      #expect(try peer.frame().payload == [16])
      try peer.send(FrameHeader(.credit, call: 1, value: 100))
      #expect(try peer.frame().payload == [17])
      #expect(try peer.frame() == TestFrame(kind: .response, call: 1, value: 0, payload: []))
    }
  }

  @Test("an empty stream is its end alone")
  func empty() async throws {
    try await TestServer.run { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 3, [0])
      #expect(try peer.frame() == TestFrame(kind: .response, call: 1, value: 0, payload: []))
    }
  }

  @Test("CANCEL ends a stream that waits for credit, and its handler learns of it")
  func cancel() async throws {
    var methods = MethodTable()
    let seen = Reference()
    methods.addServerStream(1) { (_, _, writer) throws(RPCError) in
      do throws(RPCError) {
        while true { try await writer.send([1]) }
      } catch {
        seen.flag.store(error.code == .cancelled, ordering: .relaxed)
        throw error
      }
    }
    try await TestServer.run(methods: methods) { test in
      let peer = try TestPeer.ready(test.endpoint)
      try peer.request(1, method: 1)
      for _ in 0..<16 { #expect(try peer.frame().kind == .item) }
      try peer.send(FrameHeader(.cancel, call: 1))
      let end = try peer.frame()
      #expect(end.kind == .response && end.status == .cancelled)
      while !seen.flag.load(ordering: .relaxed) { sched_yield() }
    }
  }

  @Test("a stream longer than the peer reads waits in bounded memory", arguments: [1, 2])
  func slowReader(streams: UInt32) async throws {
    var methods = MethodTable()
    methods.addServerStream(1) { (_, _, writer) throws(RPCError) in
      for _ in 0..<200 { try await writer.send([UInt8](repeating: 3, count: 20_000)) }
    }
    let configure: (inout ServerConfiguration) -> Void = { $0.limits.maxUnreadBytes = 50_000 }
    try await TestServer.run(configure, methods: methods) { test in
      let peer = try TestPeer.ready(test.endpoint)
      for call in 1...streams {
        try peer.request(call, method: 1)
        try peer.send(FrameHeader(.credit, call: call, value: 1000))
      }
      try test.until { $0.bytesWritten > 100_000 }
      var items = 0
      var ends = 0
      while ends < Int(streams) {
        let frame = try peer.frame()
        if frame.kind == .item { items += 1 } else { ends += 1 }
      }
      #expect(items == 200 * Int(streams))
    }
  }

  @Test("the backlog is bounded in items and bytes, one large item excepted")
  func backlog() {
    var backlog = StreamBacklog(maxItems: 2, maxBytes: 10)
    #expect(backlog.hasRoom(100))
    backlog.append([1, 2, 3, 4])
    #expect(backlog.hasRoom(6) && !backlog.hasRoom(7))
    backlog.append([5])
    #expect(!backlog.hasRoom(0))
    let taken = [backlog.popFirst(), backlog.popFirst(), backlog.popFirst()]
    #expect(taken == [[1, 2, 3, 4], [5], nil])
    #expect(backlog.byteCount == 0)
  }
}

/// An atomic that closures can share.
private final class Reference: Sendable {
  let flag = Atomic<Bool>(false)
}
