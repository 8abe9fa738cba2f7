import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct EvaluateTests {
  @Test("a decision comes back with its reasons, marked as the server's")
  func decision() async throws {
    let decided = Decision(
      outcome: .accessBlocked, fired: [FiredRule(rule: "r", effect: .accessBlocked, message: "too many payments")],
      ruleSetVersion: "0123456789abcdef", logIndex: 7)
    let server = try FakeGatehouse { FakeGatehouse.answer($0, decided) }
    let client = server.client()
    let verdict = try await client.evaluate(.some("a-1"))
    #expect(verdict.decision == decided)
    #expect(verdict.source == .server)
    #expect(verdict.answer == .deny)
    #expect(verdict.messages == ["too many payments"])
    #expect(verdict.activityID == "a-1")
    await client.close()
    await server.stop()
  }

  @Test("the activity arrives as it was given, with mode, durability, time left and the caller's name")
  func request() async throws {
    let server = try FakeGatehouse()
    let client = server.client { $0.agent = "checkout/1.4" }
    var activity = Activity.some("a-1")
    activity.occurredAt = 5
    activity.attributes = ["basket": "3"]
    _ = try await client.evaluate(activity, mode: .check, durability: .durable)
    let seen = try #require(server.seen.entries.first)
    let request = EvaluateRequest(activity: activity, mode: .check, durability: .durable)
    #expect(try ProtobufDecoder().decode(EvaluateRequest.self, from: seen.payload) == request)
    #expect(seen.context.agent == "checkout/1.4")
    #expect(seen.context.deadline != .max)
    await client.close()
    await server.stop()
  }

  @Test("an id is made when it is absent, another each time; a check needs none; the caller's own is kept")
  func ids() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    let first = try await client.evaluate(.some())
    let second = try await client.evaluate(.some())
    let check = try await client.evaluate(.some(), mode: .check)
    let own = try await client.evaluate(.some("mine"))
    let ids = server.seen.entries.map(\.activity.id)
    #expect(ids == [first, second, check, own].map(\.activityID))
    #expect(ids[0].utf8.count == 26 && ids[1].utf8.count == 26 && ids[0] != ids[1])
    #expect(Array(ids[2...]) == ["", "mine"])
    await client.close()
    await server.stop()
  }

  @Test("the callback form does the same")
  func callback() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    let result = await withCheckedContinuation { continuation in
      client.evaluate(.some("a-1")) { continuation.resume(returning: $0) }
    }
    #expect(try result.get().activityID == "a-1")
    await client.close()
    await server.stop()
  }

  @Test(
    "what the caller must mend is thrown with its details, whatever the fallback",
    arguments: [StatusCode.invalidArgument, .alreadyExists, .permissionDenied, .unimplemented])
  func mistakes(code: StatusCode) async throws {
    let violation = RPCError.Violation(field: "activity.entity", description: "is required")
    let server = try FakeGatehouse { _ throws(RPCError) in throw RPCError(code, "mend me", violations: [violation]) }
    let client = server.client { $0.fallback = .allow }
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == code)
    #expect(error.message == "mend me")
    #expect(error.violations == [violation])
    #expect(error.attempts == 1)
    #expect(server.seen.entries.count == 1)
    #expect(client.statistics.fallbacks.values.allSatisfy { $0 == 0 })
    await client.close()
    await server.stop()
  }

  @Test("many calls at once on few connections, each gets its own answer")
  func pipelining() async throws {
    let server = try FakeGatehouse { FakeGatehouse.answer($0, Decision(ruleSetVersion: $0.activity.id)) }
    let client = server.client { $0.connections = 3 }
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask {
          let verdict = try? await client.evaluate(.some("a-\(number)"))
          #expect(verdict?.decision.ruleSetVersion == "a-\(number)")
        }
      }
    }
    let statistics = client.statistics
    #expect(statistics.calls == 500 && statistics.succeeded == 500 && statistics.failed == 0)
    #expect(statistics.inFlight == 0 && statistics.connections == 3)
    #expect(client.core.channel.timers.count == 0, "nothing is left behind")
    await client.close()
    await server.stop()
  }

  @Test("calls beyond what the connections may carry wait for their turn")
  func crowd() async throws {
    var limits = ServerLimits()
    limits.maxCallsInFlight = 4
    let server = try FakeGatehouse(limits: limits)
    let client = server.client { $0.connections = 2 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<300 { group.addTask { _ = try await client.evaluate(.some()) } }
      try await group.waitForAll()
    }
    #expect(client.statistics.retries == 0)
    await client.close()
    await server.stop()
  }

  @Test("an address that cannot be read is reported by every call", arguments: ["", "nowhere", "::1:7", "unix:"])
  func badAddress(text: String) async throws {
    let client = GatehouseClient(server: text, fallback: .allow)
    let error = try await error { () throws(GatehouseError) in try await client.evaluate(.some()) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("'\(text)'"))
    #expect(!client.record(.some()))
    await client.close()
  }

  @Test("describe, health and any other method of the contract")
  func others() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    #expect(try await client.describe().serverVersion == "fake")
    #expect(try await client.checkHealth() == .serving)
    let recorded = try await client.recordActivity(.some())
    #expect(recorded.createdAt == 1)
    let stream = try await error { () throws(GatehouseError) in
      try await client.call(HealthMethods.watch, HealthCheckRequest())
    }
    #expect(stream.code == .invalidArgument)
    let unknown = MethodDescriptor<DescribeRequest, DescribeResponse>(id: 999, name: "gatehouse.v1.Later/Method")
    let missing = try await error { () throws(GatehouseError) in try await client.call(unknown, DescribeRequest()) }
    #expect(missing.code == .unimplemented)
    let beyond = MethodDescriptor<DescribeRequest, DescribeResponse>(id: 65_536, name: "gatehouse.v1.Too/Far")
    let unnameable = try await error { () throws(GatehouseError) in try await client.call(beyond, DescribeRequest()) }
    #expect(unnameable.code == .invalidArgument)
    await client.close()
    await server.stop()
  }
}
