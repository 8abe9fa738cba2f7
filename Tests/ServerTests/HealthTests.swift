import GatehouseClient
import Synchronization
import Testing

@testable import Server

@Suite("A server says whether it may be sent traffic")
struct HealthTests {
  @Test("NOT_SERVING until it is open, then SERVING, then NOT_SERVING while it drains; a watcher sees each change")
  func life() async throws {
    let house = try House()
    let server = try GatehouseServer(house.configuration())
    let client = House.client(of: try server.listen())
    var changes = client.watchHealth().makeAsyncIterator()
    #expect(await changes.next() == .notServing)
    #expect(try await client.checkHealth() == .notServing)
    try server.open()
    #expect(await changes.next() == .serving)
    #expect(try await client.checkHealth(of: "gatehouse.v1.Gatehouse") == .serving)
    async let drained: Void = server.drain(within: .seconds(20))
    #expect(await changes.next() == .notServing)
    await client.close()
    await drained
  }

  @Test("a watcher does not hold up a drain")
  func watcherAtDrain() async throws {
    let house = try House()
    let server = try GatehouseServer(house.configuration())
    let client = House.client(of: try server.listen())
    try server.open()
    var states = try client.stream(HealthMethods.watch, HealthCheckRequest()).makeAsyncIterator()
    #expect(try await states.next()?.status == .serving)
    let start = ContinuousClock.now
    await server.drain(within: .seconds(30))
    #expect(ContinuousClock.now - start < .seconds(15))
    #expect(try await states.next()?.status == .notServing)
    #expect(try await states.next() == nil, "the stream ends in good order")
    await client.close()
  }

  /// Whether the test has come to its end.
  private final class End: Sendable {
    let isNear = Atomic(false)
  }

  @Test("the watcher of a service that does not exist is told so once, and is kept until the end")
  func unknownServiceIsWatched() async throws {
    let health = HealthService()
    let end = End()
    let (told, telling) = AsyncStream.makeStream(of: HealthCheckResponse.ServingStatus.self)
    let watch = Task {
      try await health.watch(HealthCheckRequest(service: "nobody")) { telling.yield($0.status) }
      telling.finish()
      return end.isNear.load(ordering: .relaxed)
    }
    var answers = told.makeAsyncIterator()
    #expect(await answers.next() == .serviceUnknown)
    health.set(.serving)
    end.isNear.store(true, ordering: .relaxed)
    health.close()
    #expect(try await watch.value)
    #expect(await answers.next() == nil)
  }

  @Test("a service that does not exist is NOT_FOUND to Check, SERVICE_UNKNOWN to Watch")
  func unknownService() async throws {
    try await House().serve { served in
      let client = served.client
      let error = await #expect(throws: GatehouseError.self) { try await client.checkHealth(of: "nobody") }
      #expect(error?.code == .notFound)
      var changes = client.watchHealth(of: "nobody").makeAsyncIterator()
      #expect(await changes.next() == .serviceUnknown)
    }
  }

  @Test("before it is open every call is refused as UNAVAILABLE, with a time to come back")
  func notOpenYet() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let server = try GatehouseServer(house.configuration())
    let client = House.client(of: try server.listen())
    let evaluated = await #expect(throws: GatehouseError.self) { try await client.evaluate(Counting.order(id: "a")) }
    #expect(evaluated?.code == .unavailable && evaluated?.retry == .after(milliseconds: 100))
    let recorded = await #expect(throws: GatehouseError.self) { try await client.recordActivity(Counting.order()) }
    #expect(recorded?.code == .unavailable)
    try server.open()
    #expect(try await !client.decide(Counting.order(id: "a")).repeated)
    #expect(try await client.counted() == 1)
    await client.close()
    await server.drain(within: .seconds(20))
  }
}
