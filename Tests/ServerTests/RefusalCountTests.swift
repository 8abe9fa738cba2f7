import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("Refused calls are counted by status")
struct RefusalCountTests {
  @Test("each call that a live server refuses is counted once under its status, and no other is")
  func counted() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      _ = try await served.client.decide(Counting.order(id: "a"))
      for reason in ["b", "c"] {
        let error = await #expect(throws: GatehouseError.self) {
          try await served.client.decide(Counting.order(id: "a", reason: reason))
        }
        #expect(error?.code == .alreadyExists)
      }
      for _ in 0..<3 {
        let error = await #expect(throws: GatehouseError.self) { try await served.client.decide(Activity()) }
        #expect(error?.code == .invalidArgument)
      }
      _ = try await served.client.decide(Counting.order(id: "a"))
      #expect(served.server.counters.refusals.description == "INVALID_ARGUMENT 3, ALREADY_EXISTS 2")
    }
  }
}
