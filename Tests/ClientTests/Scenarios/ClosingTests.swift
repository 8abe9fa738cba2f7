import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct ClosingTests {
  @Test("close waits for the calls under way and refuses new ones")
  func drain() async throws {
    let (gate, open) = AsyncStream<Never>.makeStream()
    let server = try FakeGatehouse { seen in
      for await _ in gate {}
      return FakeGatehouse.answer(seen)
    }
    let client = server.client { $0.fallback = .allow }
    async let verdict = client.evaluate(.some())
    await server.seen.reaches(1)
    async let closed: Void = client.close(within: .seconds(20))
    // Closing has begun when a new call is refused; a call before that would be held, so ask with a record.
    await eventually { !client.record(.some()) }
    open.finish()
    #expect(try await verdict.source == .server)
    await closed
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == .cancelled && error.message.contains("closed"))
    #expect(client.statistics.connections == 0)
    await server.stop()
  }

  @Test("what is not over by the limit is cancelled")
  func limit() async throws {
    let server = try FakeGatehouse(FakeGatehouse.hold)
    let client = server.client()
    let ends = Log<StatusCode?>()
    client.evaluate(.some()) { result in
      if case .failure(let error) = result { ends.append(error.code) } else { ends.append(nil) }
    }
    await server.seen.reaches(1)
    await client.close(within: .milliseconds(10))
    #expect(ends.entries == [.cancelled])
    await server.stop()
  }

  @Test("letting go of a client closes its connections")
  func letGo() async throws {
    let server = try FakeGatehouse()
    do {
      let client = server.client()
      _ = try await client.evaluate(.some())
      #expect(server.counters.connectionsOpen >= 1)
    }
    await eventually { server.counters.connectionsOpen == 0 }
    await server.stop()
  }

  @Test("nothing of a client outlives it", arguments: [true, false])
  func leaks(isClosed: Bool) async throws {
    let server = try FakeGatehouse()
    weak var channel: Channel?
    weak var timers: CallTimers?
    do {
      let client = server.client()
      (channel, timers) = (client.core.channel, client.core.channel.timers)
      _ = try await client.evaluate(.some())
      client.record(.some())
      if isClosed { await client.close() }
    }
    await eventually { channel == nil && timers == nil }
    await server.stop()
  }

  @Test("closing twice, and at once from many tasks, is closing once")
  func twice() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    _ = try await client.evaluate(.some())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { await client.close() } }
    }
    await client.close()
    await server.stop()
  }
}
