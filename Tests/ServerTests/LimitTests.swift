import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("Of N simultaneous calls at a limit of L over many connections exactly L pass", .serialized)
struct LimitTests {
  private static let limit = 3
  private static let callsOnKey = 12
  private static let clients = 6
  private static let connectionsOfClient = 4
  private static let keys = 170

  enum Times: CaseIterable, Sendable {
    case equal, increasing, shuffled

    func time(of call: Int, now: Int64, key: Int) -> Int64 {
      switch self {
      case .equal: now
      case .increasing: now - 100 + Int64(call)
      case .shuffled: now - Int64((UInt64(call) &* 0x9E37_79B9 ^ UInt64(key)) % 60_000)
      }
    }
  }

  @Test("for counts and for distinct values", arguments: ["count", "distinct location.country"], Times.allCases)
  func exactly(aggregate: String, times: Times) async throws {
    let house = try House(rules: Counting.rules(limit: Self.limit, aggregate: aggregate))
    let passed = try await house.serve(data: house.dataPath, ioQueues: 4) { served in
      try await Self.passed(served, times)
    }
    #expect(passed == Array(repeating: Self.limit, count: Self.keys))
  }

  @Test("and when the rules are reloaded in the middle")
  func acrossReloads() async throws {
    let house = try House(rules: Counting.rules(limit: Self.limit))
    let passed = try await house.serve(data: house.dataPath, ioQueues: 4) { served in
      async let passed = Self.passed(served, .shuffled)
      for round in 0..<20 {
        let another = "\nrule r\(round)\n on x.y\n when true\n then allow"
        try house.write(rules: Counting.rules(limit: Self.limit) + another)
        _ = try served.server.reloadRules()
        await Task.yield()
      }
      return try await passed
    }
    #expect(passed == Array(repeating: Self.limit, count: Self.keys))
  }

  @Test("of many calls with one id, over many connections, one is counted and all get its answer")
  func oneID() async throws {
    let house = try House(rules: Counting.rules(limit: Self.limit))
    try await house.serve(data: house.dataPath, ioQueues: 4) { served in
      var configuration = ClientConfiguration(servers: served.endpoints)
      (configuration.connections, configuration.timeout) = (16, .seconds(60))
      configuration.retry = .never
      let client = GatehouseClient(configuration)
      for round in 0..<20 {
        let order = Counting.order(id: "id-\(round)", card: "card-\(round)")
        let decisions = try await withThrowingTaskGroup(of: Decision.self) { group in
          for _ in 0..<16 { group.addTask { try await client.decide(order) } }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(decisions.count { !$0.repeated } == 1)
        #expect(Set(decisions.map(\.logIndex)).count == 1)
        let counted = try await client.counted(card: "card-\(round)")
        #expect(counted == 1)
      }
      await client.close()
    }
  }

  /// How many calls on each key passed.
  private static func passed(_ served: Served, _ times: Times) async throws -> [Int] {
    let clients = (0..<clients).map { _ in House.client(of: served.endpoints, connections: connectionsOfClient) }
    let now = unixMilliseconds()
    let passed = try await withThrowingTaskGroup(of: Int?.self) { group in
      for call in 0..<callsOnKey {
        for key in 0..<keys {
          let client = clients[(call + key) % clients.count]
          group.addTask {
            var order = Counting.order(card: "card-\(key)", at: times.time(of: call, now: now, key: key))
            order.location = Location(country: "A" + String(UnicodeScalar(UInt8(65 + call))))
            return try await client.decide(order).outcome == .accessBlocked ? nil : key
          }
        }
      }
      return try await group.reduce(into: Array(repeating: 0, count: keys)) { if let key = $1 { $0[key] += 1 } }
    }
    for client in clients { await client.close() }
    return passed
  }
}
