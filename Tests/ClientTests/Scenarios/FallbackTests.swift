import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct FallbackTests {
  @Test("a server that stalls costs the timeout, then the fallback answers, marked and counted")
  func stall() async throws {
    let server = try FakeGatehouse(FakeGatehouse.hold)
    let client = server.client {
      $0.timeout = .milliseconds(50)
      $0.fallback = .challenge
    }
    let begin = ContinuousClock.now
    let verdict = try await client.evaluate(.some())
    #expect(ContinuousClock.now - begin >= .milliseconds(50))
    #expect(verdict.source == .fallback(.timeout))
    #expect(verdict.answer == .challenge)
    #expect(verdict.error?.advice == .outcomeUnknown)
    #expect(verdict.activityID.utf8.count == 26, "to ask again")
    #expect(client.statistics.fallbacks[.timeout] == 1)
    #expect(client.statistics.failed == 1)
    await client.close()
    await server.stop()
  }

  @Test("a call may choose another timeout and fallback than its client")
  func perCall() async throws {
    let server = try FakeGatehouse(FakeGatehouse.hold)
    let client = server.client { $0.fallback = .allow }
    let short = CallOptions(timeout: .milliseconds(20), fallback: .deny)
    #expect(try await client.evaluate(.some(), options: short).answer == .deny)
    let none = CallOptions(timeout: .milliseconds(20), fallback: .throw)
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some(), options: none) }
    #expect(error.code == .deadlineExceeded)
    #expect(client.statistics.fallbacks[.timeout] == 1)
    await client.close()
    await server.stop()
  }

  @Test(
    "what a server fails with leads to the reason",
    arguments: [
      (.resourceExhausted, .overloaded), (.internal, .serverFault), (.unknown, .serverFault), (.dataLoss, .serverFault),
      (.unavailable, .unavailable),
    ] as [(StatusCode, FallbackReason)])
  func reasons(code: StatusCode, reason: FallbackReason) async throws {
    let server = try FakeGatehouse { _ throws(RPCError) in throw RPCError(code, "not today") }
    let client = server.client { $0.fallback = .allow }
    let verdict = try await client.evaluate(.some())
    #expect(verdict.source == .fallback(reason))
    #expect(verdict.error?.message == "not today")
    #expect(client.statistics.fallbacks[reason] == 1)
    await client.close()
    await server.stop()
  }

  @Test("an answer that cannot be read is the server's fault")
  func garbage() async throws {
    let server = try FakeGatehouse { _ in [0xFF, 0xFF, 0xFF] }
    let client = server.client { $0.fallback = .deny }
    #expect(try await client.evaluate(.some()).source == .fallback(.serverFault))
    await client.close()
    await server.stop()
  }

  @Test(
    "nobody listens: it was certainly not counted, and the reason says so", arguments: [Disconnected.wait, .failFast])
  func refused(whenDisconnected: Disconnected) async throws {
    let server = try FakeGatehouse()
    await server.stop()
    let client = server.client {
      $0.timeout = .milliseconds(30)
      $0.fallback = .allow
      $0.whenDisconnected = whenDisconnected
    }
    let verdict = try await client.evaluate(.some())
    #expect(verdict.source == .fallback(.unavailable))
    #expect(verdict.error?.attempts == 0)
    #expect(client.statistics.failedConnects > 0)
    await client.close()
  }

  @Test("a call that fails fast does not wait for its timeout")
  func failFast() async throws {
    let server = try FakeGatehouse()
    await server.stop()
    let client = server.client { $0.whenDisconnected = .failFast }
    // The timeout is 20 s; without failing fast this test would take as long.
    let begin = ContinuousClock.now
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == .unavailable)
    #expect(ContinuousClock.now - begin < .seconds(10))
    await client.close()
  }

  @Test("more calls waiting than the client keeps is an overload of its own")
  func waitingLimit() async throws {
    let server = try FakeGatehouse()
    await server.stop()
    let client = server.client {
      $0.waitingCallsLimit = 2
      $0.fallback = .allow
    }
    let waiting = (0..<2).map { _ in client.evaluate(.some()) { _ in } }
    #expect(try await client.evaluate(.some()).source == .fallback(.overloaded))
    #expect(client.statistics.fallbacks[.overloaded] == 1)
    for call in waiting { call.cancel() }
    await client.close()
  }

  @Test("a late answer is counted and harms nobody")
  func late() async throws {
    let (gate, open) = AsyncStream<Never>.makeStream()
    let server = try FakeGatehouse { seen in
      if seen.activity.id == "slow" { for await _ in gate {} }
      return FakeGatehouse.answer(seen)
    }
    let client = server.client { $0.connections = 1 }
    let options = CallOptions(timeout: .milliseconds(20), fallback: .allow)
    #expect(try await client.evaluate(.some("slow"), options: options).source == .fallback(.timeout))
    open.finish()
    #expect(try await client.evaluate(.some("next")).source == .server)
    await client.close()
    await server.stop()
  }
}
