import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("The server's own events in the log")
struct ServerEventsTests {
  @Test("they stand where they happened, in order with the activities, and a replay passes them by")
  func order() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let accesses = (0..<5).map { Access(method: "m", agent: "test", logIndex: $0, status: UInt32($0 % 2)) }
    try await house.serve(data: house.dataPath) { served in
      let events = try #require(served.server.events)
      for (number, access) in accesses.enumerated() {
        #expect(try events.append(LogEntry(access: access)) == UInt64(2 * number + 1))
        let decision = try await served.client.decide(Counting.order())
        #expect(decision.logIndex == UInt64(2 * number + 2))
      }
    }
    let before = unixMilliseconds()
    let entries = try house.entries(data: house.dataPath)
    #expect(entries.compactMap(\.access) == accesses)
    #expect(entries.allSatisfy { (before - 600_000...before).contains($0.createdAt) })
    try await house.serve(data: house.dataPath) { served in
      let counted = try await served.client.counted()
      let next = try await served.client.decide(Counting.order())
      #expect((counted, next.logIndex) == (5, 11))
    }
  }

  @Test("a kind of event that a later version may add is passed by")
  func unknownKind() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      _ = try await served.client.decide(Counting.order())
      // Field 31, a message of two bytes.
      let entry: [UInt8] = [0x08, 1, 0xFA, 0x01, 2, 8, 1]
      let writer = try #require(served.server.log?.writer)
      #expect(entry.withUnsafeBytes { writer.append($0) } == .index(2))
      #expect(writer.append(.init(start: nil, count: 0)) == .index(3))
    }
    let counted = try await house.serve(data: house.dataPath) { try await $0.client.counted() }
    #expect(counted == 1)
  }

  @Test("an event that waits is durable when it returns; after the end none is taken")
  func durability() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    try server.open()
    let (events, writer) = (try #require(server.events), try #require(server.log?.writer))
    let index = try events.append(LogEntry(retention: RetentionPolicy(keepFor: 5)))
    try events.settle(through: index)
    #expect(writer.durableIndex > index)
    await server.drain(within: .seconds(1))
    let refusal = #expect(throws: RPCError.self) { try events.append(LogEntry(access: Access())) }
    #expect(refusal?.code == .unavailable)
    #expect(throws: RPCError.self) { try events.settle(through: index + 1) }
    #expect(try house.entries(data: house.dataPath).map { $0.retention?.keepFor } == [nil, 5])
  }
}
