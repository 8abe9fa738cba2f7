import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct RetryTests {
  @Test("a failure that may pass is retried with the same id and the same bytes, and counted")
  func retry() async throws {
    let server = try FakeGatehouse { seen throws(RPCError) in
      if seen.sending < 3 { throw RPCError(.unavailable, "not yet") }
      return FakeGatehouse.answer(seen)
    }
    let client = server.client()
    #expect(try await client.evaluate(.some()).source == .server)
    let seen = server.seen.entries
    #expect(seen.count == 3)
    #expect(Set(seen.map(\.payload)).count == 1)
    #expect(seen.map(\.sending) == [1, 2, 3])
    #expect(client.statistics.retries == 2)
    await client.close()
    await server.stop()
  }

  @Test("when attempts are used up the error says how many and what came before")
  func usedUp() async throws {
    let server = try FakeGatehouse { seen throws(RPCError) in throw RPCError(.aborted, "failure \(seen.sending)") }
    let client = server.client()
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == .aborted && error.message == "failure 3" && error.attempts == 3)
    #expect((error.cause as? RPCError)?.message == "failure 2")
    await client.close()
    await server.stop()
  }

  @Test("a call that is not idempotent is not repeated after it may have been carried out")
  func notIdempotent() async throws {
    let server = try FakeGatehouse { _ throws(RPCError) in throw RPCError(.unavailable, "perhaps done") }
    let client = server.client()
    _ = try await error { () throws(GatehouseError) in
      try await client.call(ReflectionMethods.describe, DescribeRequest(), isIdempotent: false)
    }
    #expect(server.seen.entries.count == 1)
    await client.close()
    await server.stop()
  }

  @Test("the server's push-back is waited for to the end, by the client's clock")
  func pushBack() async throws {
    let server = try FakeGatehouse { seen throws(RPCError) in
      if seen.sending == 1 { throw RPCError(.resourceExhausted, "slow down", retry: .after(milliseconds: 300)) }
      return FakeGatehouse.answer(seen)
    }
    let world = ManualWorld()
    var configuration = ClientConfiguration(servers: [server.endpoint])
    configuration.timeout = .seconds(5)
    let client = GatehouseClient(ClientCore(configuration, environment: world.environment))
    async let verdict = client.evaluate(.some())
    // The deadline's timer and the retry's.
    await eventually { client.core.channel.timers.count == 2 }
    world.advance(by: .milliseconds(299))
    #expect(server.seen.entries.count == 1)
    #expect(client.core.channel.timers.count == 2)
    world.advance(by: .milliseconds(12))
    #expect(try await verdict.source == .server)
    #expect(server.seen.entries.count == 2)
    client.core.shutDown()
    await server.stop()
  }

  @Test("push-back beyond the deadline, or for ever, ends the call at once", arguments: [true, false])
  func pushBackTooFar(forever: Bool) async throws {
    let server = try FakeGatehouse { _ throws(RPCError) in
      throw RPCError(.resourceExhausted, "slow down", retry: forever ? .never : .after(milliseconds: 60_000))
    }
    let client = server.client()
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == .resourceExhausted && error.attempts == 1)
    #expect(error.advice == (forever ? .report : .retry(after: .seconds(60))))
    await client.close()
    await server.stop()
  }

  @Test("an outage is not multiplied: beyond one sending a call there is the reserve and no more")
  func outage() async throws {
    let server = try FakeGatehouse { _ throws(RPCError) in throw RPCError(.unavailable, "down") }
    let client = server.client {
      $0.retry.budgetReserve = 20
      $0.fallback = .allow
    }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<400 {
        group.addTask {
          let verdict = try? await client.evaluate(.some())
          #expect(verdict?.source == .fallback(.unavailable))
        }
      }
    }
    #expect(server.seen.entries.count == 420)
    let statistics = client.statistics
    #expect(statistics.retries == 20)
    // Every call wanted to be retried until its attempts were used; all but the twenty retries were refused.
    #expect(statistics.retriesOutOfBudget >= 380)
    #expect(statistics.fallbacks[.unavailable] == 400)
    await client.close()
    await server.stop()
  }
}
