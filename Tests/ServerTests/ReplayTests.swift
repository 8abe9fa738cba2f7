import GatehouseClient
import Journal
import Testing
import Wire

@testable import Server

@Suite("What was recorded outlives the server")
struct ReplayTests {
  /// What a server says of its windows and of the ids that it has answered.
  struct Testimony: Equatable {
    var checks: [Decision] = []
    var decisions: [String: Decision] = [:]
    var records: [String: RecordActivityResponse] = [:]
  }

  /// An activity that was recorded, and whether it was judged.
  struct Recorded {
    let activity: Activity
    let isJudged: Bool
  }

  @Test(
    "stopped in good order: every window and every first answer are there again, from the snapshot and from the log",
    arguments: 1...3, [true, false])
  func restart(seed: UInt64, hasSnapshot: Bool) async throws {
    let house = try House()
    let now = unixMilliseconds()
    let (recorded, before) = try await house.serve(data: house.dataPath) { served in
      let recorded = try await Self.record(served.client, seed: seed, now: now, count: 400)
      return (recorded, try await Self.testimony(served.client, recorded, now: now))
    }
    if !hasSnapshot { try house.removeSnapshots() }
    try await house.serve(data: house.dataPath) { served in
      #expect(served.server.recovery?.endIndex == UInt64(recorded.count) + House.ownEntries)
      #expect(served.server.recovery?.tornBytes == 0)
      let after = try await Self.testimony(served.client, recorded, now: now)
      #expect(after == before, "seed \(seed)")
    }
  }

  @Test("killed: all that was answered as WRITTEN is there again", arguments: 11...13)
  func kill(seed: UInt64) async throws {
    let house = try House()
    let now = unixMilliseconds()
    let (recorded, before, left) = try await house.serve(data: house.dataPath) { served in
      let recorded = try await Self.record(served.client, seed: seed, now: now, count: 300)
      let left = try house.dataAfterKill()
      let before = try await Self.testimony(served.client, recorded, now: now)
      _ = try await Self.record(served.client, seed: seed + 100, now: now, count: 50, prefix: "later-")
      return (recorded, before, left)
    }
    try await house.serve(data: left) { served in
      #expect(served.server.recovery?.endIndex == UInt64(recorded.count) + House.ownEntries)
      #expect(try await Self.testimony(served.client, recorded, now: now) == before, "seed \(seed)")
      let next = try await served.client.decide(Activity(entity: "ticket", action: "open"))
      #expect(next.logIndex == UInt64(recorded.count) + House.ownEntries, "the log goes on where it was cut")
    }
  }

  @Test("progress is told while the log is replayed, up to the end")
  func progress() async throws {
    let house = try House()
    try await house.serve(data: house.dataPath) { served in
      _ = try await Self.record(served.client, seed: 5, now: unixMilliseconds(), count: 200)
    }
    try house.removeSnapshots()
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    var told: [ReplayProgress] = []
    try server.open { told.append($0) }
    #expect(told.last == ReplayProgress(done: 200 + House.ownEntries, total: 200 + House.ownEntries))
    #expect(told.map(\.done) == told.map(\.done).sorted())
    await server.drain(within: .seconds(1))
  }

  @Test("an entry that is none of this contract's is named, and nothing is served")
  func foreignEntry() async throws {
    let house = try House()
    try await house.serve(data: house.dataPath) { served in
      _ = try await Self.record(served.client, seed: 6, now: unixMilliseconds(), count: 100)
    }
    let journal = try Journal.open(
      storage: PosixStorage(root: house.dataPath), configuration: JournalConfiguration(origin: "gatehouse.local/log"),
      now: unixMilliseconds)
    let foreign: [UInt8] = [0x12, 0x7F]
    #expect(foreign.withUnsafeBytes { journal.writer.append($0) } == .index(100 + House.ownEntries))
    journal.close()
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    let client = House.client(of: try server.listen())
    let error = #expect(throws: GatehouseServerError.self) { try server.open() }
    #expect("\(try #require(error))".contains("entry \(100 + House.ownEntries) of the log"))
    #expect(try await client.checkHealth() == .notServing)
    await client.close()
    await server.drain(within: .seconds(20))
  }

  @Test("activities that came without a time keep the one that the server gave them")
  func serverTimes() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let first = try await house.serve(data: house.dataPath) { served in
      try await served.client.decide(Counting.order(id: "a"))
    }
    try await house.serve(data: house.dataPath) { served in
      let again = try await served.client.decide(Counting.order(id: "a"))
      #expect((again.createdAt, again.repeated) == (first.createdAt, true))
      // One hour before the activity's own time nothing was there yet.
      let hourAfter = Counting.order(at: first.createdAt + 1)
      #expect(try await served.client.decide(hourAfter, .check).fired.first?.observations.first?.value == 2)
      #expect(try await served.client.counted() == 1)
    }
  }

  static func record(
    _ client: GatehouseClient, seed: UInt64, now: Int64, count: Int, prefix: String = ""
  ) async throws -> [Recorded] {
    var traffic = Traffic(seed: seed, now: now)
    let recorded = (0..<count).map { _ in Recorded(activity: traffic.next(prefix), isJudged: traffic.isJudged()) }
    try await withThrowingTaskGroup { group in
      for call in recorded {
        group.addTask {
          if call.isJudged {
            _ = try await client.decide(call.activity, durability: .written)
          } else {
            _ = try await client.recordActivity(call.activity, durability: .written)
          }
        }
      }
      try await group.waitForAll()
    }
    return recorded
  }

  static func testimony(_ client: GatehouseClient, _ recorded: [Recorded], now: Int64) async throws -> Testimony {
    var testimony = Testimony()
    for probe in Traffic.probes(now: now) {
      var decision = try await client.decide(probe, .check)
      decision.createdAt = 0
      testimony.checks.append(decision)
    }
    for call in recorded {
      if call.isJudged {
        testimony.decisions[call.activity.id] = try await client.decide(call.activity)
      } else {
        testimony.records[call.activity.id] = try await client.recordActivity(call.activity)
      }
    }
    #expect(testimony.checks.contains { $0.outcome != .none })
    #expect(testimony.decisions.values.allSatisfy(\.repeated) && testimony.records.values.allSatisfy(\.repeated))
    return testimony
  }
}
