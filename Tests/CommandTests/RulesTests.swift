import Arguments
import Foundation
import GatehouseProtocol
import ProtoJSON
import Rules
import Testing

@testable import gatehouse

@Suite("Rules without a server")
struct RulesTests {
  private func compile(_ text: String) -> Compilation {
    RuleCompiler(digest: { _ in "0123456789abcdef0" }).compile(SourceFile(name: "t.rules", text: text))
  }

  @Test("a file is summed up by what it holds, or by what is wrong with it")
  func summary() throws {
    let good = compile("counter c = count of a.b by customer_id\nrule r on a.b when c over 1h > 1 then friction \"m\"")
    #expect(
      RulesCheckCommand.summary(good, .plain) == "t.rules: version 0123456789abcdef, 1 rule over 1 counter, no errors")
    let bad = compile("rule r on a.b when c over 1h > 1 then friction \"m\"")
    #expect(RulesCheckCommand.summary(bad, .plain) == "t.rules: 1 error")
  }

  @Test("a diagnostic is one object for programs")
  func diagnosticJSON() throws {
    let compilation = compile("rule r on a.b\n  when c over 1h > 1 then friction \"m\"")
    let diagnostic = try #require(compilation.diagnostics.first)
    let json = try JSONValue(parsing: diagnostic.json(in: compilation.file).text)
    guard case .object(let members) = json else {
      Issue.record("no object: \(json.text)")
      return
    }
    #expect(members.map(\.name) == ["code", "severity", "message", "file", "line", "column", "label", "help"])
    #expect(members.first { $0.name == "code" }?.value == .string("E0012"))
    #expect(members.first { $0.name == "line" }?.value == .number("2"))
    #expect(members.first { $0.name == "column" }?.value == .number("8"))
  }

  @Test("list files are read from beside the rules file, and a missing one is a diagnostic")
  func lists() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rules-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rules = folder.appendingPathComponent("t.rules")
    try #"list bad of text from "bad.txt""#.appending("\nrule r on a.b when customer_id in bad then friction \"m\"")
      .write(to: rules, atomically: true, encoding: .utf8)
    #expect(try RulesCommand.compile(rules.path).ruleSet == nil)
    try "x\n".write(to: folder.appendingPathComponent("bad.txt"), atomically: true, encoding: .utf8)
    let compilation = try RulesCommand.compile(rules.path)
    #expect(compilation.ruleSet != nil, "\(compilation.diagnostics)")
  }

  @Test("an activity has every field under the name that rules use, and only what it says")
  func sampleActivity() throws {
    let json = """
      {"occurred_at":5,"customer_id":"c","actor":{"kind":"SERVICE","id":"s"},"entity":"order","action":"create",\
      "was_successful":false,"client_ip":"192.0.2.1","location":{"country":"US","latitude":1.5},"amount":\
      {"minor_units":-7,"currency":"USD"},"card":{"last4":"4242"},"membership":{"id":"m","started_at":3},\
      "category":"FINANCIAL","attributes":{"email":"a@b.c"},"home":{"region":"OK"}}
      """
    let sample = SampleActivity(try Activity(json: JSONValue(parsing: json)), now: 9)
    #expect(sample.kind == "order.create")
    #expect(sample.time == 5)
    #expect(
      sample.fields == [
        "occurred_at": .integer(5), "customer_id": .text("c"), "actor.kind": .integer(3), "actor.id": .text("s"),
        "entity": .text("order"), "action": .text("create"), "was_successful": .boolean(false),
        "client_ip": .text("192.0.2.1"), "location.country": .text("US"), "location.latitude": .decimal(1.5),
        "amount.minor_units": .integer(-7), "amount.currency": .text("USD"), "card.last4": .text("4242"),
        "membership.id": .text("m"), "membership.started_at": .integer(3), "category": .integer(3),
        "attributes.email": .text("a@b.c"), "home.region": .text("OK"),
      ])
    #expect(SampleActivity(Activity(), now: 9).time == 9)
  }

  @Test("the effects of rules and of the contract have the same numbers")
  func effects() {
    for effect in Rules.Effect.allCases {
      let name = GatehouseProtocol.Effect.names[Int32(effect.rawValue)]
      #expect(name == (effect.keyword ?? "none").uppercased())
    }
  }
}
