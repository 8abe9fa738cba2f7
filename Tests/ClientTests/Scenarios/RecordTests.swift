import GatehouseProtocol
import Testing
import Transport
import Wire

@testable import GatehouseClient

@Suite struct RecordTests {
  @Test("records are delivered behind the caller's back, with id and time")
  func deliver() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    for number in 0..<300 { #expect(client.record(.some("r-\(number)"))) }
    #expect(client.record(.some()))
    #expect(await client.flush(within: .seconds(20)) == 0)
    let seen = server.seen.entries
    #expect(Set(seen.map(\.activity.id)).count == 301)
    #expect(seen.allSatisfy { $0.activity.occurredAt != nil && $0.method == 2 })
    let statistics = client.statistics
    #expect(statistics.recordsAccepted == 301 && statistics.recordsDelivered == 301)
    #expect(statistics.recordsPending == 0 && statistics.recordsDropped == 0)
    await client.close()
    await server.stop()
  }

  @Test("what the buffer cannot hold is dropped and counted; the caller never waits")
  func drop() async throws {
    let server = try FakeGatehouse(FakeGatehouse.hold)
    let client = server.client { $0.records = RecordPolicy(capacity: 50, inFlight: 10) }
    let accepted = (0..<80).count { _ in client.record(.some()) }
    #expect(accepted == 50)
    let statistics = client.statistics
    #expect(statistics.recordsDropped == 30 && statistics.recordsPending == 50)
    #expect(await client.flush(within: .milliseconds(20)) == 50)
    await client.close(within: .zero)
    #expect(client.statistics.recordsDropped == 80, "what was accepted and given up at the end counts too")
    #expect(!client.record(.some()), "closed")
    await server.stop()
  }

  @Test("a record that the server refuses is counted and not repeated")
  func refused() async throws {
    let server = try FakeGatehouse { seen throws(RPCError) in
      if seen.activity.id == "bad" { throw RPCError(.invalidArgument, "no entity") }
      return FakeGatehouse.answer(seen)
    }
    let client = server.client()
    for id in ["good", "bad", "fine"] { client.record(.some(id)) }
    #expect(await client.flush(within: .seconds(20)) == 0)
    #expect(server.seen.entries.count == 3)
    let statistics = client.statistics
    #expect(statistics.recordsDelivered == 2 && statistics.recordsRefused == 1)
    await client.close()
    await server.stop()
  }

  @Test("one that the server cannot digest does not hold up the others for ever")
  func poison() async throws {
    let server = try FakeGatehouse { seen throws(RPCError) in
      if seen.activity.id == "poison" { throw RPCError(.internal, "choked") }
      return FakeGatehouse.answer(seen)
    }
    let client = server.client {
      $0.records = RecordPolicy(backoff: Backoff(base: .milliseconds(1), cap: .milliseconds(1)))
    }
    for id in ["poison", "a", "b"] { client.record(.some(id)) }
    #expect(await client.flush(within: .seconds(20)) == 0)
    #expect(server.seen.entries.count { $0.activity.id == "poison" } == Recorder.failuresLimit)
    #expect(client.statistics.recordsDelivered == 2 && client.statistics.recordsRefused == 1)
    await client.close()
    await server.stop()
  }

  @Test("an outage does not multiply records: they wait, and one at a time asks whether it is over")
  func outage() async throws {
    let isUp = Log<Void>()
    let server = try FakeGatehouse { seen throws(RPCError) in
      if isUp.entries.isEmpty { throw RPCError(.unavailable, "down") }
      return FakeGatehouse.answer(seen)
    }
    let world = ManualWorld()
    var configuration = ClientConfiguration(servers: [server.endpoint])
    configuration.records = RecordPolicy(inFlight: 20, backoff: Backoff(base: .seconds(1), cap: .seconds(1)))
    let client = GatehouseClient(ClientCore(configuration, environment: world.environment))
    for number in 0..<100 { client.record(.some("r-\(number)")) }
    await eventually { client.core.recorder.isResting }
    // The first failure may come back before the last of the twenty has left.
    let first = client.statistics.failed
    #expect((1...20).contains(first))
    for round in 1...10 as ClosedRange<UInt64> {
      world.advance(by: .milliseconds(1_002))
      await eventually { client.statistics.failed == first + round && client.core.recorder.isResting }
    }
    #expect(server.seen.entries.count == Int(first) + 10)
    isUp.append(())
    world.advance(by: .milliseconds(1_002))
    #expect(await client.flush(within: .seconds(5)) == 0)
    #expect(client.statistics.recordsDelivered == 100)
    client.core.shutDown()
    await server.stop()
  }

  @Test("close delivers what was handed over")
  func close() async throws {
    let server = try FakeGatehouse()
    let client = server.client()
    for _ in 0..<200 { client.record(.some()) }
    await client.close(within: .seconds(20))
    #expect(server.seen.entries.count == 200)
    #expect(client.statistics.recordsDelivered == 200)
    await server.stop()
  }
}
