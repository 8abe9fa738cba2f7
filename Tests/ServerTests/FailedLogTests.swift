import GatehouseClient
import Journal
import Synchronization
import Testing

@testable import Server

@Suite("A log that has failed")
struct FailedLogTests {
  /// An open server, the disk below it, and what it told its operator.
  private final class Scene: Sendable {
    let house: House
    let server: GatehouseServer
    let client: GatehouseClient
    let disk: FailingStorage
    let reports = Reports()

    init() throws {
      house = try House(rules: Counting.rules(limit: 1_000))
      var configuration = house.configuration(data: house.dataPath)
      let (disk, reports) = (try FailingStorage(root: house.dataPath), reports)
      configuration.report = { line in reports.lines.withLock { $0.append(line) } }
      self.disk = disk
      server = try GatehouseServer(configuration) { _ in disk }
      client = House.client(of: try server.listen())
    }

    func end() async {
      await client.close()
      await server.drain(within: .seconds(20))
    }
  }

  private final class Reports: Sendable {
    let lines = Mutex<[String]>([])
  }

  @Test("makes health NOT_SERVING for good; records are refused, CHECK and reads are answered")
  func health() async throws {
    let scene = try Scene()
    let client = scene.client
    try scene.server.open()
    var changes = client.watchHealth().makeAsyncIterator()
    #expect(await changes.next() == .serving)
    let kept = try await client.decide(Counting.order(), durability: .durable)
    scene.disk.breakSyncs()
    let failure = await #expect(throws: GatehouseError.self) {
      try await client.decide(Counting.order(), durability: .durable)
    }
    #expect(failure?.code == .unavailable)
    try #require(try await client.checkHealth() == .notServing, "before anybody is refused")
    #expect(await changes.next() == .notServing)
    let refusal = await #expect(throws: GatehouseError.self) {
      try await client.decide(Counting.order(), durability: .buffered)
    }
    #expect(refusal?.code == .unavailable && refusal?.message.contains("until the server is restarted") == true)
    #expect(try await client.counted() >= 1, "CHECK goes on")
    #expect(try await client.call(RulesMethods.getRules, GetRulesRequest()).version == kept.ruleSetVersion)
    #expect(scene.reports.lines.withLock { $0.filter { $0.hasPrefix("the log has failed: ") }.count } == 1)
    await scene.end()
    try await scene.house.serve(data: scene.house.dataPath) { served in
      #expect(try await served.client.checkHealth() == .serving, "a restart helps")
      _ = try await served.client.decide(Counting.order(), durability: .durable)
    }
  }

  @Test("is NOT_SERVING for those who begin to watch, too, and when it had failed before the server was open")
  func earlyAndLate() async throws {
    let health = HealthService()
    health.fail()
    health.set(.serving)
    #expect(try health.check(HealthCheckRequest()).status == .notServing)
    let (told, telling) = AsyncStream.makeStream(of: HealthCheckResponse.ServingStatus.self)
    let watch = Task { try await health.watch(HealthCheckRequest()) { telling.yield($0.status) } }
    var answers = told.makeAsyncIterator()
    #expect(await answers.next() == .notServing)
    health.close()
    try await watch.value
  }
}
