import Foundation
import GatehouseClient
import Journal
import Synchronization
import Testing
import Wire

@testable import Server

@Suite("What the log need not keep is removed, and says so")
struct RetentionTests {
  /// A configuration whose windows and ids need entries for an hour only, with small segments.
  private static func configuration(_ house: House, keepFor: Int64) -> GatehouseConfiguration {
    var configuration = house.configuration(data: house.dataPath)
    (configuration.latenessMilliseconds, configuration.engine.retentionSeconds) = (0, 3_600)
    (configuration.keepForMilliseconds, configuration.segmentBytes) = (keepFor, 8 << 10)
    return configuration
  }

  /// An hour: the rules' window.
  private static let needed: Int64 = 3_600_000

  private static func run<Result>(
    _ configuration: GatehouseConfiguration, _ body: (Served) async throws -> Result
  ) async throws -> Result {
    let server = try GatehouseServer(configuration)
    let endpoints = try server.listen()
    try server.open()
    let client = House.client(of: endpoints)
    let result = try await body(Served(server: server, client: client, endpoints: endpoints))
    await client.close()
    await server.drain(within: .seconds(20))
    return result
  }

  @Test("a policy shorter than the windows is refused, and so is one shorter than ids are remembered")
  func tooShort() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    for (remembered, isAllowed) in [(Int64(60), true), (3_601, false)] {
      var configuration = Self.configuration(house, keepFor: Self.needed)
      configuration.engine.retentionSeconds = remembered
      if isAllowed {
        try await Self.run(configuration) { #expect($0.server.retention?.neededMilliseconds == Self.needed) }
      } else {
        let server = try GatehouseServer(configuration)
        let error = #expect(throws: GatehouseServerError.self) { try server.open() }
        guard case .retentionTooShort(milliseconds: Self.needed, needed: 3_601_000)? = error else {
          Issue.record("another error: \(String(describing: error))")
          return
        }
      }
    }
    var configuration = Self.configuration(house, keepFor: Self.needed)
    configuration.latenessMilliseconds = 1
    let server = try GatehouseServer(configuration)
    #expect(throws: GatehouseServerError.self) { try server.open() }
  }

  @Test("the policy is an entry when it changes, and only then")
  func policy() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    for keepFor in [0, Self.needed, Self.needed, 0, 0] {
      try await Self.run(Self.configuration(house, keepFor: keepFor)) { _ in }
    }
    #expect(try house.entries(data: house.dataPath).compactMap { $0.retention?.keepFor } == [Self.needed, 0])
  }

  @Test(
    "old segments go, as an entry says; windows, answers and proofs are what they were, with and without a snapshot")
  func removal() async throws {
    let house = try House(rules: Counting.rules(limit: 300))
    let time = Atomic(unixMilliseconds())
    let configuration = Self.configuration(house, keepFor: Self.needed)
    let (removed, first) = try await Self.run(configuration) { served in
      for number in 0..<200 { _ = try await served.client.decide(Counting.order(id: "id-\(number)")) }
      let (server, journal) = (served.server, try #require(served.server.log))
      journal.step()
      let retention = try #require(server.retention)
      let later = Retention(
        journal, try #require(server.events), server.rulebook, keepForMilliseconds: Self.needed,
        rememberMilliseconds: 0, now: { time.load(ordering: .relaxed) }, report: { _ in })
      #expect(try retention.removeOld() == 0 && later.removeOld() == 0, "nothing is old")
      time.add(2 * Self.needed, ordering: .relaxed)
      #expect(try later.removeOld() == 0, "no snapshot covers it")
      for number in 200..<210 {
        _ = try await served.client.decide(Counting.order(id: "id-\(number)"))
        try #require(server.snapshots).take(inHurry: true)
      }
      let removed = try later.removeOld()
      let covered = try #require(journal.covered)
      #expect(try !covered.tree.inclusionProof(of: 3, in: covered.size).isEmpty, "what went stays provable")
      return (removed, journal.firstIndex)
    }
    #expect(removed > 50 && removed == first)
    let entries = try house.entries(data: house.dataPath)
    #expect(entries.last?.removed == EntriesRemoved(first: 0, count: removed))
    try await Self.run(configuration) { served in
      let repeated = try await served.client.decide(Counting.order(id: "id-7"))
      #expect((repeated.repeated, repeated.logIndex) == (true, 9))
      let counted = try await served.client.counted()
      #expect(counted == 210)
      #expect(served.server.rulebook.versions.all.map(\.logIndex) == [0])
    }
    try house.removeSnapshots()
    try await Self.run(configuration) { served in
      let counted = try await served.client.counted()
      #expect(counted == 210 - Int64(removed) + 2, "what is left: the rules and the policy were among what went")
    }
  }
}
