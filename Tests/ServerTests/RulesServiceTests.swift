import Foundation
import GatehouseClient
import Testing
import Wire

@testable import Server

@Suite("Rules are read and changed over the wire")
struct RulesServiceTests {
  private func status(_ expected: StatusCode, _ call: () async throws -> Void) async -> GatehouseError? {
    let error = await #expect(throws: GatehouseError.self) { try await call() }
    #expect(error?.code == expected)
    return error
  }

  @Test("what is applied is in force from the next call on, in the log, and in the list of versions")
  func apply() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    try await house.serve(data: house.dataPath) { served in
      let client = served.client
      let before = try await client.call(RulesMethods.getRules, GetRulesRequest())
      #expect((before.text, before.author, before.inForce) == (Counting.rules(limit: 1), "", true))
      for _ in 0..<3 { _ = try await client.decide(Counting.order()) }
      let applied = try await client.apply(Counting.rules(limit: 4), comment: "too strict")
      #expect((applied.author, applied.comment, applied.inForce, applied.logIndex) == ("ann", "too strict", true, 4))
      #expect(applied.text == Counting.rules(limit: 4) && applied.version != before.version)
      let fourth = try await client.decide(Counting.order())
      #expect((fourth.outcome, fourth.ruleSetVersion) == (.suspectActivity, applied.version), "the window was kept")
      #expect(try await client.describe().ruleSetVersion == applied.version)
      #expect(try await client.call(RulesMethods.getRules, GetRulesRequest()) == applied)
      let old = try await client.call(RulesMethods.getRules, GetRulesRequest(version: before.version))
      #expect((old.text, old.inForce) == (before.text, false))
      let versions = try await client.versions()
      #expect(versions.map(\.version) == [applied.version, before.version])
      #expect(versions.map(\.inForce) == [true, false])
      #expect(versions.map(\.comment) == ["too strict", ""])
      #expect(versions.allSatisfy { $0.text.isEmpty && $0.listFiles.isEmpty && $0.appliedAt > 0 })
    }
    #expect(try house.entries(data: house.dataPath).compactMap(\.rules).map(\.author) == ["", "ann"])
  }

  @Test("a bad file changes nothing, and says why in no more than a status holds")
  func badRules() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    try await house.serve(data: house.dataPath) { served in
      let client = served.client
      _ = try await client.decide(Counting.order())
      let one = await status(.invalidArgument) {
        try await client.apply("rule r\n  on a.b\n  when idd == 1\n  then allow")
      }
      #expect(
        one?.message == """
          the rules have 1 error; nothing has changed
          error[E0012]: there is no field or name `idd`
           --> rules:3:8
            |
          3 |   when idd == 1
            |        ^^^ not known
            = help: did you mean id?
          """)
      let mistakes = (0..<90).map { "rule r\($0)\n  on a.b\n  when unknown_name_\($0) == 1\n  then allow\n" }.joined()
      let many = await status(.invalidArgument) { try await client.apply(mistakes) }
      let message = try #require(many?.message)
      #expect((700...1_024).contains(message.utf8.count))
      #expect(message.hasPrefix("the rules have 90 errors; nothing has changed\nerror[E0012]"))
      let told = message.components(separatedBy: "E0012").count - 1
      #expect(message.hasSuffix("\nand \(90 - told) more: see gatehouse rules check"))
      #expect(try await client.decide(Counting.order()).outcome == .accessBlocked)
      #expect(try await client.versions().count == 1)
    }
    #expect(try house.entries(data: house.dataPath).compactMap(\.rules).count == 1)
  }

  @Test("an error with a line that no status can hold is told in short")
  func longLine() async throws {
    try await House().serve { served in
      let chain = (0..<90).map { "unknown_\($0) == \"ééééééééééééé\"" }.joined(separator: " or ")
      let error = await status(.invalidArgument) {
        try await served.client.apply("rule r\n  on a.b\n  when \(chain)\n  then allow")
      }
      let message = try #require(error?.message)
      #expect(message.utf8.count <= 1_024 && message.contains("rules:3:8") && message.contains("more: see"))
    }
  }

  @Test("what was looked at before may be required to be in force still; the same text again is no change")
  func expectedVersion() async throws {
    try await House(rules: Counting.rules(limit: 1)).serve { served in
      let client = served.client
      let first = try await client.call(RulesMethods.getRules, GetRulesRequest()).version
      let applied = try await client.apply(Counting.rules(limit: 2), expecting: first)
      let late = await status(.failedPrecondition) {
        try await client.apply(Counting.rules(limit: 3), expecting: first)
      }
      #expect(late?.message == "version \(first) is not in force, \(applied.version) is; nothing has changed")
      #expect(try await client.apply(Counting.rules(limit: 2), expecting: first) == applied, "sent again")
      #expect(try await client.apply(Counting.rules(limit: 2), expecting: applied.version) == applied, "in force")
      for expected in ["0123456789abcdef", first] {
        let author = expected == first ? "eve" : "ann"
        let other = await status(.failedPrecondition) {
          try await client.apply(Counting.rules(limit: 2), author: author, expecting: expected)
        }
        #expect(other?.message.hasPrefix("version \(expected) is not in force") == true, "the same text, unexpectedly")
      }
      #expect(try await client.versions().count == 2)
      let commented = try await client.apply("# why\n" + Counting.rules(limit: 2))
      #expect(commented.version == applied.version && commented.text.hasPrefix("# why"), "other text, same meaning")
      #expect(try await client.versions().count == 3)
    }
  }

  @Test("of many who apply at once against one version, one is in time")
  func race() async throws {
    try await House(rules: Counting.rules(limit: 1)).serve { served in
      let first = try await served.client.call(RulesMethods.getRules, GetRulesRequest()).version
      let outcomes = await withTaskGroup(of: StatusCode?.self) { group in
        for limit in 10..<26 {
          group.addTask {
            do {
              _ = try await served.client.apply(Counting.rules(limit: limit), expecting: first)
              return nil
            } catch {
              return (error as? GatehouseError)?.code ?? .unknown
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == nil } == 1)
      #expect(outcomes.count { $0 == .failedPrecondition } == 15)
      #expect(try await served.client.versions().count == 2)
    }
  }

  @Test("an earlier version comes into force again, as a new change, and stays across a restart")
  func rollback() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    let (first, second) = try await house.serve(data: house.dataPath) { served in
      let client = served.client
      let none = await status(.notFound) { try await client.rollBack() }
      #expect(none?.message.hasPrefix("no other rules were in force before") == true)
      let first = try await client.call(RulesMethods.getRules, GetRulesRequest()).version
      let second = try await client.apply(Counting.rules(limit: 2)).version
      _ = try await client.apply(Counting.rules(limit: 3))
      let back = try await client.rollBack(comment: "blocked too many")
      #expect((back.version, back.author, back.comment) == (second, "bob", "blocked too many"))
      #expect(back.text == Counting.rules(limit: 2) && back.inForce)
      let again = try await client.rollBack(to: first)
      #expect(again.version == first)
      _ = await status(.notFound) { try await client.rollBack(to: "0123456789abcdef") }
      #expect(try await client.versions().map(\.author) == ["bob", "bob", "ann", "ann", ""])
      return (first, second)
    }
    try await house.serve(data: house.dataPath) { served in
      let versions = try await served.client.versions()
      #expect(versions.map(\.version).prefix(2) == [first, second])
      #expect(versions.map(\.inForce) == [true, false, false, false, false])
      #expect(versions.map(\.comment)[1] == "blocked too many")
      let limit = try await served.client.decide(Counting.order(), .check).fired.first { $0.rule == "limit" }
      #expect(limit == nil)
      _ = try await served.client.decide(Counting.order())
      let decision = try await served.client.decide(Counting.order())
      #expect((decision.outcome, decision.ruleSetVersion) == (.accessBlocked, first))
    }
  }

  @Test("applied rules stay across a restart, with their lists, until the file itself changes")
  func restart() async throws {
    let house = try House(rules: Counting.rules(limit: 1))
    let rules = Counting.listed
    let files = [ListFile(name: "unused.txt", text: "x"), ListFile(name: "bad.txt", text: "card\n")]
    let applied = try await house.serve(data: house.dataPath) { try await $0.client.apply(rules, files) }
    #expect(applied.listFiles == [files[1]], "what no list is read from is not kept")
    try await house.serve(data: house.dataPath) { served in
      let found = try await served.client.call(RulesMethods.getRules, GetRulesRequest())
      #expect(found == applied)
      #expect(try await served.client.decide(Counting.order()).outcome == .accessBlocked)
      #expect(try served.server.reloadRules() == applied.version)
      try house.write(rules: Counting.rules(limit: 7))
      #expect(try served.server.reloadRules() != applied.version)
      #expect(try await served.client.versions().map(\.author) == ["", "ann", ""])
    }
  }

  @Test(
    "a request that is wrong is refused with every field that is", arguments: ["../bad.txt", "/etc/passwd", "", ".."])
  func wrongRequests(name: String) async throws {
    let house = try House()
    let secret = house.folder.deletingLastPathComponent().appendingPathComponent("bad.txt").path
    #expect(!FileManager.default.fileExists(atPath: secret))
    try await house.serve { served in
      let request = ApplyRulesRequest(
        text: "", listFiles: [ListFile(name: "a", text: "x"), ListFile(name: "a"), ListFile(name: name)], author: "",
        comment: String(repeating: "x", count: 1_025))
      let error = await status(.invalidArgument) {
        _ = try await served.client.call(RulesMethods.applyRules, request)
      }
      #expect(
        error?.violations.map(\.field) == ["author", "comment", "text", "list_files[1].name", "list_files[2].name"])
      let path = await status(.invalidArgument) {
        try await served.client.apply("list l of text from \"\(name)\"\nrule r on a.b when id in l then allow")
      }
      #expect(path?.message.contains("error[E0032]") == true)
      let large = await status(.invalidArgument) {
        try await served.client.apply("#", [ListFile(name: "l", text: String(repeating: "x", count: 3 << 20))])
      }
      #expect(large?.violations.map(\.field) == ["text"])
      let author = String(repeating: "x", count: 129)
      let unsigned = await status(.invalidArgument) { try await served.client.rollBack(author: author) }
      #expect(unsigned?.violations.map(\.description) == ["has 129 bytes, at most 128"])
      let count = try await served.client.versions().count
      #expect(count == 1)
    }
  }

  @Test("rules that say more than a decision can hold are refused, and nothing has changed")
  func tooLargeForDecisions() async throws {
    try await House(rules: Counting.rules(limit: 1)).serve { served in
      let rules = (0..<900).map { "rule r\($0)\n on a.b\n when true\n then friction \"{reason}\"\n" }.joined()
      let error = await status(.invalidArgument) { try await served.client.apply(rules) }
      #expect(error?.message.hasPrefix("the rules have 1 error; nothing has changed\nerror[E0040]") == true)
      let count = try await served.client.versions().count
      #expect(count == 1)
    }
  }

  @Test("a text with its lists that no answer can hold is not sent, but told")
  func tooLargeForAnswers() async throws {
    let house = try House(rules: "list l of text from \"l.txt\"\nrule r on a.b when id in l then allow")
    let list = "x\n#" + String(repeating: "x", count: 3 << 20)
    try list.write(to: house.folder.appendingPathComponent("l.txt"), atomically: true, encoding: .utf8)
    try await house.serve { served in
      let error = await status(.resourceExhausted) {
        _ = try await served.client.call(RulesMethods.getRules, GetRulesRequest())
      }
      #expect(error?.message.contains("read the files") == true)
      let count = try await served.client.versions().count
      #expect(count == 1)
    }
  }

  @Test("before the server is open nothing is read or changed")
  func notOpenYet() async throws {
    let house = try House()
    let server = try GatehouseServer(house.configuration())
    let client = House.client(of: try server.listen())
    _ = await status(.unavailable) { _ = try await client.call(RulesMethods.getRules, GetRulesRequest()) }
    _ = await status(.unavailable) { _ = try await client.versions() }
    let apply = await status(.unavailable) { try await client.apply("# nothing") }
    #expect(apply?.retry == .after(milliseconds: 100))
    _ = await status(.unavailable) { try await client.rollBack() }
    try server.open()
    _ = try await client.apply("# nothing")
    await client.close()
    await server.drain(within: .seconds(20))
  }
}

extension GatehouseClient {
  @discardableResult
  func apply(
    _ text: String, _ listFiles: [ListFile] = [], author: String = "ann", comment: String = "",
    expecting version: String = ""
  ) async throws -> RuleSetVersion {
    try await call(
      RulesMethods.applyRules,
      ApplyRulesRequest(
        text: text, listFiles: listFiles, author: author, comment: comment, expectedVersion: version))
  }

  @discardableResult
  func rollBack(
    to version: String = "", author: String = "bob", comment: String = ""
  ) async throws -> RuleSetVersion {
    try await call(
      RulesMethods.rollbackRules, RollbackRulesRequest(version: version, author: author, comment: comment))
  }

  func versions() async throws -> [RuleSetVersion] {
    try await call(RulesMethods.listRuleVersions, ListRuleVersionsRequest()).versions
  }
}
