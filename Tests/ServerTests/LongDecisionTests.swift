import GatehouseClient
import Testing
import Transport
import Wire

@testable import Server

@Suite("Decisions longer than every peer takes")
struct LongDecisionTests {
  /// About 300 KiB a decision.
  private static let rules = (0..<600).map {
    "rule r\($0) on order.create when true then friction \"\(String(repeating: "m", count: 500))\"\n"
  }.joined()

  private static func order(_ id: String) -> Activity { Activity(id: id, entity: "order", action: "create") }

  @Test(
    "are answered, repeated, and there again after a restart, from the snapshot and from the log",
    arguments: [true, false])
  func restart(hasSnapshot: Bool) async throws {
    let house = try House(rules: Self.rules)
    let first = try await house.serve(data: house.dataPath) { served in
      let decision = try await served.client.decide(Self.order("a"))
      #expect(decision.fired.count == 600 && decision.outcome == .friction)
      _ = try await served.client.decide(Self.order("b"), durability: .durable)
      return decision
    }
    if !hasSnapshot { try house.removeSnapshots() }
    try await house.serve(data: house.dataPath) { served in
      for _ in 0..<2 {
        var again = try await served.client.decide(Self.order("a"))
        #expect(again.repeated)
        (again.repeated, again.durability) = (first.repeated, first.durability)
        #expect(again == first)
      }
      #expect(try await served.client.decide(Self.order("c"), .check).fired.count == 600)
    }
  }

  @Test("are answered many at once, more than the log's buffers hold", arguments: [true, false])
  func many(isLogged: Bool) async throws {
    let house = try House(rules: Self.rules)
    try await house.serve(data: isLogged ? house.dataPath : nil) { served in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<100 { group.addTask { try await served.client.decide(Self.order("")).fired.count } }
        for try await count in group { #expect(count == 600) }
      }
    }
  }

  @Test("are refused to a client that takes no more than it must, which is told so")
  func smallClient() async throws {
    try await House(rules: Self.rules).serve { served in
      var options = ClientOptions()
      options.maxPayloadBytes = 65_536
      let queue = try ClientQueue(label: "small")
      let connection = try await ClientConnection.connect(to: served.endpoints[0], on: queue, options: options)
      let request = try ProtobufEncoder().encode(EvaluateRequest(activity: Self.order("x"), mode: .check))
      let refusal = await #expect(throws: RPCError.self) {
        try await connection.call(UInt16(GatehouseMethods.evaluate.id), request)
      }
      #expect(refusal?.code == .resourceExhausted)
      connection.close()
    }
  }
}
