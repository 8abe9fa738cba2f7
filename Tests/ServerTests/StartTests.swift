import Foundation
import GatehouseClient
import Glibc
import Rules
import Testing
import Wire

@testable import Server

@Suite("Starting, describing, reloading")
struct StartTests {
  private func report(_ error: GatehouseServerError?) { Issue.record("another error: \(String(describing: error))") }

  @Test("Describe returns the contract's own text, the methods, and the version of the rules in force")
  func describe() async throws {
    let rules = Counting.rules(limit: 3)
    try await House(rules: rules).serve { served in
      let client = served.client
      let description = try await client.describe()
      let file = House.repository.appendingPathComponent("Protocol/gatehouse.proto")
      #expect(description.proto == (try String(contentsOf: file, encoding: .utf8)))
      #expect(description.serverVersion == GatehouseServer.version)
      #expect(description.ruleSetVersion.wholeMatch(of: /[0-9a-f]{16}/) != nil)
      #expect(try await client.decide(Counting.order()).ruleSetVersion == description.ruleSetVersion)
      #expect(description.methods.map(\.id) == [1, 2, 16, 17, 32] + Array(48...51) + Array(64...69))
      #expect(description.methods.filter(\.serverStreaming).map(\.name) == ["gatehouse.v1.Health/Watch"])
    }
  }

  @Test("rules with errors are refused with all their diagnostics, a missing file with its path")
  func badRules() throws {
    let house = try House(
      rules: "rule a\n on x.y\n when nonsense > 1\n then friction\nrule b\n on x.y\n when true\n then boo")
    let error = #expect(throws: GatehouseServerError.self) { try GatehouseServer(house.configuration()) }
    guard case .rulesRefused(let compilation)? = error else { return report(error) }
    #expect(compilation.diagnostics.count >= 2)
    #expect("\(try #require(error))".contains("test.rules:3:"))
    var configuration = house.configuration()
    configuration.rulesPath = "/nowhere/trade.rules"
    let missing = #expect(throws: GatehouseServerError.self) { try GatehouseServer(configuration) }
    #expect("\(try #require(missing))".contains("/nowhere/trade.rules"))
  }

  @Test("a data directory in use is refused, its holder named, and its holder goes on")
  func oneWriter() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      let client = served.client
      let second = try GatehouseServer(house.configuration(data: house.dataPath))
      let error = #expect(throws: GatehouseServerError.self) { try second.open() }
      guard case .journal(let refusal)? = error else { return report(error) }
      #expect(refusal.code == .locked)
      #expect("\(try #require(error))".contains("process \(getpid()) on "))
      #expect(try await client.decide(Counting.order(), durability: .durable).durability == .durable)
    }
  }

  @Test("a start that fails behind the log gives the data directory back")
  func failedStart() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    var configuration = house.configuration(data: house.dataPath)
    configuration.engine.shards = 0
    let server = try GatehouseServer(configuration)
    let error = #expect(throws: GatehouseServerError.self) { try server.open() }
    guard case .engine? = error else { return report(error) }
    try await house.serve(data: house.dataPath) { served in
      let decision = try await served.client.decide(Counting.order())
      #expect(decision.logIndex == House.ownEntries)
    }
  }

  @Test("reloaded rules are in force from the next call on and keep their windows; bad ones change nothing")
  func reload() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    try await house.serve { served in
      let (server, client) = (served.server, served.client)
      for _ in 0..<3 { #expect(try await client.decide(Counting.order()).outcome == .suspectActivity) }
      let before = try await client.describe().ruleSetVersion
      try house.write(rules: Counting.rules(limit: 4) + "\nrule")
      #expect(throws: GatehouseServerError.self) { try server.reloadRules() }
      #expect(try await client.decide(Counting.order(), .check).outcome == .accessBlocked)
      try house.write(rules: Counting.rules(limit: 4))
      let version = try server.reloadRules()
      let fourth = try await client.decide(Counting.order())
      #expect((fourth.outcome, fourth.ruleSetVersion) == (.suspectActivity, version))
      #expect(fourth.ruleSetVersion != before)
      #expect(try await client.describe().ruleSetVersion == fourth.ruleSetVersion)
      #expect(try await client.decide(Counting.order()).outcome == .accessBlocked)
    }
  }

  @Test("rules cannot be reloaded before the server is open")
  func reloadTooEarly() throws {
    let house = try House()
    let server = try GatehouseServer(house.configuration())
    let error = #expect(throws: GatehouseServerError.self) { try server.reloadRules() }
    guard case .notOpen? = error else { return report(error) }
  }
}
