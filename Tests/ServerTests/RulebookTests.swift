import Foundation
import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("Rules come into force by the log, and outlive the server")
struct RulebookTests {
  private static func applied(_ rules: String, to served: Served, author: String = "ann") throws -> RuleSetVersion {
    let compiled = try CompiledRules.compile("applied", text: rules, listFiles: [], latenessMilliseconds: 172_800_000)
    return try served.server.rulebook.put(compiled, author: author, comment: "why")
  }

  /// Holds the threshold of the rules in force against `limit`; nil when the rule does not fire.
  private static func expect(limit: Int64?, _ served: Served) async throws {
    let decision = try await served.client.decide(Counting.order(), .check)
    #expect(decision.fired.first { $0.rule == "limit" }?.observations[0].threshold == limit)
  }

  @Test("the rules stand in the log before any activity, whole, and once as long as nothing changes")
  func firstStart() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    for _ in 0..<2 {
      try await house.serve(data: house.dataPath) { served in
        let decision = try await served.client.decide(Counting.order())
        #expect(served.server.rulebook.versions.all.map(\.version) == [decision.ruleSetVersion])
        #expect(served.server.rulebook.versions.inForce?.logIndex == 0)
        #expect(served.server.rulebook.versions.inForce?.inForce == true)
      }
    }
    let entries = try house.entries(data: house.dataPath)
    #expect(entries.map { $0.activity != nil } == [false, true, true])
    let rules = try #require(entries[0].rules)
    #expect((rules.text, rules.author, rules.logIndex) == (Counting.rules(limit: 3), "", nil))
    #expect(rules.version == entries[1].decision?.ruleSetVersion)
    #expect(entries[0].createdAt == rules.appliedAt && rules.appliedAt > 0)
  }

  @Test("list files are kept with the rules, and read from the log when the rules come from there")
  func listFiles() async throws {
    let rules = Counting.listed
    let house = try House(rules: rules)
    let list = house.folder.appendingPathComponent("bad.txt")
    try "card\n".write(to: list, atomically: true, encoding: .utf8)
    try await house.serve(data: house.dataPath) { served in
      #expect(try await served.client.decide(Counting.order()).outcome == .accessBlocked)
      let files = [ListFile(name: "bad.txt", text: "other\n")]
      let compiled = try CompiledRules.compile("x", text: rules, listFiles: files, latenessMilliseconds: 0)
      try served.server.rulebook.put(compiled, author: "ann", comment: "")
      #expect(try await served.client.decide(Counting.order()).outcome == .none)
    }
    #expect(
      try house.entries(data: house.dataPath).compactMap(\.rules).map(\.listFiles)
        == [[ListFile(name: "bad.txt", text: "card\n")], [ListFile(name: "bad.txt", text: "other\n")]])
    try await house.serve(data: house.dataPath) { served in
      let listed = try await served.client.decide(Counting.order(card: "other")).outcome
      let free = try await served.client.decide(Counting.order()).outcome
      #expect((listed, free) == (.accessBlocked, .none))
    }
  }

  @Test("an applied version stays across restarts and reloads, until the file itself changes")
  func newestChangeWins() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    try await house.serve(data: house.dataPath) { served in
      for _ in 0..<9 { _ = try await served.client.decide(Counting.order()) }
      let version = try Self.applied(Counting.rules(limit: 2), to: served)
      #expect((version.author, version.comment, version.inForce, version.logIndex) == ("ann", "why", true, 10))
      #expect(try served.server.reloadRules() == version.version, "the file has not changed")
      try await Self.expect(limit: 2, served)
    }
    try await house.serve(data: house.dataPath) { served in
      try await Self.expect(limit: 2, served)
      #expect(served.server.rulebook.versions.all.map(\.author) == ["ann", ""])
    }
    try house.write(rules: "# a comment changes nothing\n" + Counting.rules(limit: 1))
    try await house.serve(data: house.dataPath) { try await Self.expect(limit: 2, $0) }
    try house.write(rules: Counting.rules(limit: 3))
    try await house.serve(data: house.dataPath) { served in
      try await Self.expect(limit: 3, served)
      try house.write(rules: Counting.rules(limit: 4))
      let version = try served.server.reloadRules()
      #expect(version == served.server.rulebook.rules.version && version.count == 16)
      try await Self.expect(limit: 4, served)
    }
    try await house.serve(data: house.dataPath) { served in
      try await Self.expect(limit: 4, served)
      #expect(served.server.rulebook.versions.all.map(\.author) == ["", "", "ann", ""])
    }
  }

  @Test("windows after a restart are those before it, of counters that came in the middle too")
  func windowsAcrossChanges() async throws {
    let house = try House(rules: Counting.rules(limit: 3))
    let more = """
      counter cards = distinct card.fingerprint of order.create by entity
      \(Counting.rules(limit: 50))
      rule seen_cards
        on order.create
        when cards over 1h > 0
        then friction "{cards over 1h} {orders over 1h}"
      rule deeper
        on order.create
        when cards over 1h > 500
        then friction
      """
    func seen(_ served: Served) async throws -> [FiredRule] {
      try await served.client.decide(Counting.order(), .check).fired
    }
    let before = try await house.serve(data: house.dataPath) { served in
      for number in 0..<20 { _ = try await served.client.decide(Counting.order(card: "early-\(number)")) }
      for _ in 0..<5 { _ = try await served.client.decide(Counting.order()) }
      _ = try Self.applied(more, to: served)
      for number in 0..<7 { _ = try await served.client.decide(Counting.order(card: "late-\(number)")) }
      return try await seen(served)
    }
    // The new counter begins empty: the late seven, and the one asked about.
    #expect(before.contains { $0.message == "8 6" })
    let after = try await house.serve(data: house.dataPath) { try await seen($0) }
    #expect(after == before)
    try house.removeSnapshots()
    let replayed = try await house.serve(data: house.dataPath) { try await seen($0) }
    #expect(replayed == before)
  }

  @Test(
    "a version that does not compile any longer is passed over; as the newest it must be replaced by a changed file")
  func doesNotCompile() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    try await house.serve(data: house.dataPath) { served in
      let events = try #require(served.server.events)
      try events.append(LogEntry(rules: RuleSetVersion(version: "0123456789abcdef", text: "nonsense", author: "bob")))
      _ = try await served.client.decide(Counting.order())
    }
    try house.removeSnapshots()
    let server = try GatehouseServer(house.configuration(data: house.dataPath))
    let error = #expect(throws: GatehouseServerError.self) { try server.open() }
    #expect("\(try #require(error))".contains("rules 0123456789abcdef of the log"))
    await server.drain(within: .seconds(1))
    try house.write(rules: Counting.rules(limit: 2))
    for _ in 0..<2 { try await house.serve(data: house.dataPath) { try await Self.expect(limit: nil, $0) } }
  }

  @Test("rules that are too long for an entry of the log change nothing, and say so")
  func tooLong() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    try await house.serve(data: house.dataPath) { served in
      let long = [ListFile(name: "long", text: "x\n#" + String(repeating: "x", count: 18 << 20))]
      let compiled = try CompiledRules.compile(
        "long", text: Counting.rules(limit: 2) + "\nlist l of text from \"long\"", listFiles: long,
        latenessMilliseconds: 0)
      let error = #expect(throws: GatehouseServerError.self) {
        try served.server.rulebook.put(compiled, author: "ann", comment: "")
      }
      guard case .log(let refusal)? = error else {
        Issue.record("another error: \(String(describing: error))")
        return
      }
      #expect(refusal.code == .invalidArgument)
      #expect(served.server.rulebook.versions.all.count == 1)
    }
  }

  @Test("without a log the versions are known as long as the server runs")
  func withoutLog() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    try await house.serve { served in
      let version = try Self.applied(Counting.rules(limit: 2), to: served)
      #expect(version.logIndex == nil)
      #expect(served.server.rulebook.versions.all.map(\.inForce) == [true, false])
    }
  }
}
