import Synchronization
import Testing
import Wire

@testable import Transport

@Suite("The client's connection")
struct ClientConnectionTests {
  /// Runs `body` with a connection to a server of its own.
  static func run(
    _ configure: (inout ServerConfiguration) -> Void = { _ in }, options: ClientOptions = ClientOptions(),
    _ body: (ClientConnection, RPCServer, EchoGate) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)], agent: "test-server")
    configure(&configuration)
    let gate = EchoGate()
    let server = RPCServer(configuration: configuration, methods: .echo, batchHandler: gate)
    let endpoint = try server.start()[0]
    let queue = try ClientQueue(label: "test.client")
    let connection = try await ClientConnection.connect(to: endpoint, on: queue, options: options)
    do {
      try await body(connection, server, gate)
    } catch {
      await server.drain(within: .zero)
      throw error
    }
    connection.close()
    await server.drain(within: .seconds(5))
  }

  @Test("a call is answered")
  func call() async throws {
    try await Self.run { connection, _, _ in
      let answer1 = try await connection.call(1, [1, 2, 3])
      #expect(answer1 == [1, 2, 3])
      let answer2 = try await connection.call(2, Array("loud".utf8))
      #expect(answer2 == Array("LOUD".utf8))
      #expect(connection.serverHello.agent == "test-server")
      #expect(connection.callsInFlight == 0)
    }
  }

  @Test("many tasks share one connection, and each gets its own answer")
  func concurrent() async throws {
    try await Self.run { connection, _, _ in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<500 as Range<UInt32> {
          group.addTask {
            let bytes = [0, UInt8(number & 0xFF), UInt8(number >> 8)]
            return try await connection.call(1, bytes) == bytes
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test("an error arrives with its details")
  func error() async throws {
    try await Self.run { connection, _, _ in
      let expected = RPCError(
        .invalidArgument, "wrong", violations: [.init(field: "a.b", description: "missing")], retry: .never)
      await #expect(throws: expected) { try await connection.call(5, []) }
    }
  }

  @Test("a call that is not answered in time is told so here, and its place is freed when the server answers")
  func localDeadline() async throws {
    try await Self.run { connection, server, gate in
      let error = await #expect(throws: RPCError.self) {
        try await connection.call(1, Array("D".utf8), timeout: .milliseconds(5))
      }
      #expect(error?.code == .deadlineExceeded)
      #expect(error?.neverStarted == false)
      #expect(connection.callsInFlight == 1)
      gate.release(server)
      let answer3 = try await connection.call(1, [7])
      #expect(answer3 == [7])
      #expect(connection.callsInFlight == 0)
    }
  }

  @Test("cancelling the task cancels the call, here at once and there")
  func cancellation() async throws {
    try await Self.run { connection, _, _ in
      let task = Task { try await connection.call(4, []) }
      while connection.callsInFlight == 0 { await Task.yield() }
      task.cancel()
      let result = await task.result
      #expect(throws: RPCError(.cancelled, "cancelled by the caller")) { try result.get() }
      while connection.callsInFlight > 0 { await Task.yield() }
    }
  }

  @Test("a stream of many items arrives in order, credit being granted as they are taken")
  func stream() async throws {
    try await Self.run { connection, _, _ in
      let items = Mutex<[UInt8]>([])
      let error = await withCheckedContinuation { (done: CheckedContinuation<RPCError?, Never>) in
        let handler = ClientStreamHandler(
          item: { item in items.withLock { $0.append(item.first ?? 0) } }, end: { done.resume(returning: $0) })
        [200].withUnsafeBytes { bytes in
          _ = connection.openStream(3, payload: UnsafeRawBufferPointer(rebasing: bytes[..<1]), handler: handler)
        }
      }
      #expect(error == nil)
      #expect(items.withLock { $0 } == Array(0..<200))
    }
  }

  @Test("a stream whose credit is granted by hand stops when it is used up, and other calls go on")
  func manualCredit() async throws {
    try await Self.run { connection, _, _ in
      let items = Mutex<[UInt8]>([])
      let ended = Mutex<Bool>(false)
      let handler = ClientStreamHandler(
        grantsAutomatically: false, item: { item in items.withLock { $0.append(item.first ?? 0) } },
        end: { error in ended.withLock { $0 = error == nil } })
      let id = [40].withUnsafeBytes { bytes in
        connection.openStream(3, payload: UnsafeRawBufferPointer(rebasing: bytes[..<1]), handler: handler)
      }
      let stream = try #require(id)
      while items.withLock({ $0.count }) < 16 { await Task.yield() }
      let answer4 = try await connection.call(1, [1])
      #expect(answer4 == [1])
      #expect(items.withLock { $0.count } == 16)
      connection.grant(stream, items: 24)
      while !ended.withLock({ $0 }) { await Task.yield() }
      #expect(items.withLock { $0 } == Array(0..<40))
    }
  }

  @Test("calls in flight are answered while the server drains; new ones are refused, never begun")
  func goAway() async throws {
    try await Self.run { connection, server, gate in
      async let accepted = connection.call(1, Array("D".utf8))
      while gate.deferredCount == 0 { await Task.yield() }
      async let drained: Void = server.drain(within: .seconds(10))
      while connection.isUsable { await Task.yield() }
      let error = await #expect(throws: RPCError.self) { try await connection.call(1, [1]) }
      #expect(error?.code == .unavailable)
      #expect(error?.neverStarted == true)
      gate.release(server)
      let answer5 = try await accepted
      #expect(answer5 == Array("D".utf8))
      await drained
    }
  }

  @Test("more calls than the server takes at once are refused here")
  func tooMany() async throws {
    try await Self.run {
      $0.limits.maxCallsInFlight = 3
    } _: { connection, server, gate in
      let told = Mutex<Int>(0)
      for _ in 0..<3 { connection.send(1, payload: [68].bytes) { _ in told.withLock { $0 += 1 } } }
      let error = await #expect(throws: RPCError.self) { try await connection.call(1, [1]) }
      #expect(error?.code == .resourceExhausted)
      #expect(error?.neverStarted == true)
      while gate.deferredCount < 3 { await Task.yield() }
      gate.release(server)
      while told.withLock({ $0 }) < 3 { await Task.yield() }
    }
  }

  @Test(
    "whoever does not speak the protocol is found out", arguments: ["HTTP/1.1 200 OK\r\n\r\n", "", "GTHS\r\n\u{2}\0"])
  func stranger(words: String) async throws {
    try await Stranger.run(Array(words.utf8)) { endpoint in
      let queue = try ClientQueue(label: "test.client")
      let error = await #expect(throws: RPCError.self) {
        try await ClientConnection.connect(to: endpoint, on: queue)
      }
      #expect(error?.code == .unavailable)
      #expect(error?.neverStarted == true)
    }
  }

  @Test("a server that says nothing is given up in time")
  func silence() async throws {
    try await Stranger.run(nil) { endpoint in
      let queue = try ClientQueue(label: "test.client")
      var options = ClientOptions()
      options.connectTimeout = .milliseconds(30)
      await #expect(throws: RPCError(.unavailable, "connecting took too long", neverStarted: true)) {
        try await ClientConnection.connect(to: endpoint, on: queue, options: options)
      }
    }
  }

  @Test("nobody listens there, or the name does not exist")
  func nobody() async throws {
    let queue = try ClientQueue(label: "test.client")
    for endpoint in [
      Endpoint.tcp(host: "127.0.0.1", port: 1), .unix(path: "/nowhere/at-all"), .tcp(host: "-", port: 1),
    ] {
      let error = await #expect(throws: RPCError.self) { try await ClientConnection.connect(to: endpoint, on: queue) }
      #expect(error?.code == .unavailable)
    }
  }
}
