import GatehouseClient
import Testing

@testable import Server

@Suite("Counters that rules bring later, over restarts")
struct WarmUpTests {
  private static func rules(more: Bool) -> String {
    """
    counter orders = count of order.create by customer_id
    rule many
      on order.create
      when orders over 1h > 3
      then friction

    """
      + (more
        ? """
        counter places = distinct location.country of order.create by customer_id
        rule moved
          on order.create
          when places over 24h > 1
          then friction
        """ : "")
  }

  @Test("decisions name a counter that came with a reload, and still do after a restart, with the same time")
  func restart() async throws {
    let house = try House(rules: Self.rules(more: false))
    let order = Activity(
      customerID: "c", entity: "order", action: "create", location: Location(country: "US"))
    let warming = try await house.serve(data: house.dataPath) { served in
      let first = try await served.client.decide(order)
      #expect(first.warming.isEmpty)
      try house.write(rules: Self.rules(more: true))
      let before = unixMilliseconds()
      _ = try served.server.reloadRules()
      let warming = try await served.client.decide(order).warming
      let day: Int64 = 86_400_000
      #expect(warming.map(\.counter) == ["places"] && warming.map(\.window) == [day])
      #expect(warming.allSatisfy { (before + day...unixMilliseconds() + day).contains($0.warmAt) })
      return warming
    }
    try await house.serve(data: house.dataPath) { served in
      let decision = try await served.client.decide(order, .check)
      #expect(decision.warming == warming)
    }
  }

  @Test("a new server's decisions name no counter")
  func beginning() async throws {
    let house = try House(rules: Self.rules(more: true))
    try await house.serve { served in
      let decision = try await served.client.decide(Activity(customerID: "c", entity: "order", action: "create"))
      #expect(decision.warming.isEmpty)
    }
  }
}
