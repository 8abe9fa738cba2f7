import Foundation
import Synchronization
import Wire

@testable import Transport

/// A clock that a test moves.
final class TestClock: Sendable {
  private let time = Atomic<UInt64>(1_000_000_000_000)

  var clock: MonotonicClock { MonotonicClock { [self] in time.load(ordering: .relaxed) } }

  func advance(_ duration: Duration) { time.add(duration.nanoseconds, ordering: .relaxed) }
}

/// A server for one test, and the means to talk to it.
struct TestServer: Sendable {
  let server: RPCServer
  let gate: EchoGate
  let endpoints: [Endpoint]

  var endpoint: Endpoint { endpoints[0] }

  /// Runs `body` against a server, on a thread of its own: it blocks, and tasks of the server need the others.
  static func run(
    _ configure: (inout ServerConfiguration) -> Void = { _ in }, methods: MethodTable = .echo,
    _ body: @escaping @Sendable (TestServer) throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)], agent: "test-server")
    configure(&configuration)
    let gate = EchoGate()
    let server = RPCServer(configuration: configuration, methods: methods, batchHandler: gate)
    let test = TestServer(server: server, gate: gate, endpoints: try server.start())
    let result = await blocking { Result { try body(test) } }
    await server.drain(within: .seconds(5))
    try result.get()
  }

  /// Begins to drain without waiting for the end.
  func beginDraining(within time: Duration = .seconds(20)) {
    Task { await server.drain(within: time) }
  }

  /// Waits for the counters to say so; a bounded number of looks, each after the server did something.
  func until(_ holds: (ServerCounters) -> Bool) throws {
    let end = ContinuousClock.now + .seconds(TestPeer.patienceSeconds)
    while !holds(server.counters) {
      guard ContinuousClock.now < end else { throw TestPeer.Silence(description: "never happened: \(server.counters)") }
      sched_yield()
    }
  }
}

/// Runs `body` on a thread of its own.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { done in
    Thread.detachNewThread { done.resume(returning: body()) }
  }
}

extension MethodTable {
  /// 1: batched echo. 2: unary echo in capitals. 3: as many items as the request's first byte says. 4: waits for ever.
  /// 5: fails with details.
  static var echo: MethodTable {
    var methods = MethodTable()
    methods.addBatched(1)
    methods.addUnary(2) { (_, request) throws(RPCError) in request.map { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 } }
    methods.addServerStream(3) { (_, request, writer) throws(RPCError) in
      for number in 0..<(request.first ?? 0) { try await writer.send([number]) }
    }
    methods.addUnary(4) { (_, _) throws(RPCError) in
      // Ends by cancellation only.
      try? await Task.sleep(for: .seconds(3600))
      throw RPCError(.cancelled, "stopped")
    }
    methods.addUnary(5) { (_, _) throws(RPCError) in
      throw RPCError(
        .invalidArgument, "wrong", violations: [.init(field: "a.b", description: "missing")], retry: .never)
    }
    return methods
  }
}
