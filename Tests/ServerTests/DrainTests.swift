import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("A drain answers what was accepted")
struct DrainTests {
  @Test(
    "of calls that race with a drain each is answered and in the log, or refused and not",
    arguments: [
      Durability.buffered, .written, .durable,
    ])
  func race(durability: Durability) async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    let client = House.client(of: try server.listen(), connections: 8)
    try server.open()
    _ = try await client.decide(Counting.order(id: "warm"))
    let outcomes = await Self.race(client, server, durability)
    await client.close()
    #expect(outcomes.allSatisfy { $0.code == nil || $0.code == .unavailable })
    var answered = Dictionary(uniqueKeysWithValues: outcomes.filter { $0.code == nil }.map { ($0.id, $0.index) })
    answered["warm"] = 1
    #expect(Set(answered.values).count == answered.count)
    try await house.serve(data: house.dataPath) { served in
      #expect(served.server.recovery?.endIndex == UInt64(answered.count) + House.ownEntries)
      for (id, index) in answered where id != "warm" {
        let again = try await served.client.decide(Counting.order(id: id, card: id))
        #expect((again.repeated, again.logIndex) == (true, index))
      }
    }
  }

  /// What became of one call: its place in the log, or the refusal.
  private struct Outcome: Sendable {
    let id: String
    var index: UInt64?
    var code: StatusCode?
  }

  /// Four hundred calls, and a drain among them.
  private static func race(
    _ client: GatehouseClient, _ server: GatehouseServer, _ durability: Durability
  ) async -> [Outcome] {
    await withTaskGroup(of: Outcome?.self) { group in
      for number in 0..<400 {
        if number == 150 {
          group.addTask {
            await server.drain(within: .seconds(20))
            return nil
          }
        }
        group.addTask { await Self.call(client, "id-\(number)", durability) }
      }
      return await group.reduce(into: []) { if let outcome = $1 { $0.append(outcome) } }
    }
  }

  private static func call(_ client: GatehouseClient, _ id: String, _ durability: Durability) async -> Outcome {
    let options = CallOptions(whenDisconnected: .failFast)
    do throws(GatehouseError) {
      let order = Counting.order(id: id, card: id)
      let verdict = try await client.evaluate(order, durability: durability, options: options)
      return Outcome(id: id, index: verdict.decision.logIndex)
    } catch {
      return Outcome(id: id, code: error.code)
    }
  }

  @Test("a server that was never opened drains at once")
  func neverOpened() async throws {
    let house = try House()
    let server = try GatehouseServer(house.configuration())
    _ = try server.listen()
    await server.drain(within: .seconds(20))
  }
}
