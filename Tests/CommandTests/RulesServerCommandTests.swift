import Foundation
import GatehouseProtocol
import ProtoJSON
import Testing

@testable import gatehouse

@Suite("gatehouse rules apply, rollback, versions, show, why and stats, against a running server")
struct RulesServerCommandTests {
  /// Runs `gatehouse rules …` against a server.
  private func rules(_ server: RunningServer, _ arguments: String..., input: String = "") throws -> Executable.Outcome {
    try Executable.run(["rules"] + arguments + ["--server", server.address], input: input)
  }

  private func file(_ text: String, in server: RunningServer, _ name: String = "new.rules") throws -> String {
    let path = server.folder.appendingPathComponent(name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private static let small = """
    list far of country from "far.txt"
    counter orders = count of order.create by customer_id
    rule burst
      on order.create
      when orders over 1h > 2 and location.country in far
      then friction "again"

    """

  @Test("a file is looked at, put in force, read back, and taken back")
  func life() throws {
    let server = try RunningServer()
    let first = try rules(server, "versions", "--json").output
    let version = try #require(first.firstMatch(of: /"version":"([0-9a-f]{16})"/)?.1)
    let path = try file(Self.small, in: server)
    _ = try file("NZ\nAU\n", in: server, "far.txt")
    let dry = try rules(server, "apply", path, "--dry-run")
    #expect(dry.status == 0 && dry.messages.contains("against \(version)"))
    #expect(dry.output.contains("+ rule burst\n") && dry.output.contains("- rule repeated_payments\n"))
    #expect(dry.output.contains("+ counter orders: begins empty, warm after 1h (over 1h)\n"))
    #expect(try rules(server, "versions").output.split(separator: "\n").count == 2, "nothing was applied")

    let order = #"{"customer_id": "c-1", "entity": "order", "action": "create"}"#
    let call = ["call", "Evaluate", #"{"activity": \#(order)}"#, "--server", server.address]
    #expect(try Executable.run(call).status == 0, "the server has seen something before the new counter comes")
    let applied = try rules(
      server, "apply", path, "--author", "ann", "--comment", "fewer rules", "--expect", String(version))
    #expect(applied.status == 0, "\(applied.messages)")
    #expect(applied.output.contains(", by ann, entry 2 of the log\n"))
    #expect(try rules(server, "why", order).output.contains("\n    not warm yet orders over 1h: until 2"))
    let late = try rules(server, "apply", try file("# none\n", in: server, "none.rules"), "--expect", String(version))
    #expect(late.status == 1 && late.output.isEmpty)
    #expect(late.messages.contains("FAILED_PRECONDITION: version \(version) is not in force"))
    let shown = try rules(server, "show")
    #expect(shown.output == Self.small)
    #expect(shown.messages == "with the list file far.txt, 6 bytes: see --json\n")
    #expect(try rules(server, "show", "--json").output.contains(#""listFiles":[{"name":"far.txt","text":"NZ\nAU\n"}]"#))

    let back = try rules(server, "rollback", "--author", "bob", "--json")
    #expect(
      back.status == 0 && back.output.contains(#""version":"\#(version)","text":"","listFiles":[],"author":"bob""#))
    #expect(try rules(server, "show", String(version)).output.hasPrefix("# The trade's rules"))
    let lines = try rules(server, "versions").output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.count == 4)
    #expect(lines[1].first == "*" && lines[1][1] == version && lines[1][4] == "bob")
    #expect(lines[2].suffix(3) == ["ann", "fewer", "rules"])
    #expect(try rules(server, "rollback", "0123456789abcdef").status == 1)
  }

  @Test("a file with errors is shown and not sent; an author is the user unless named")
  func refusals() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("bad-\(UUID().uuidString).rules").path
    try "rule r\n  on a.b\n  when idd == 1\n  then allow\n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bad = try Executable.run("rules", "apply", path, "--server", ExecutableTests.nowhere)
    #expect(bad.status == 1 && bad.messages.contains("error[E0012]"))
    let json = try Executable.run("rules", "apply", path, "--server", ExecutableTests.nowhere, "--json")
    #expect(json.output.hasPrefix(#"{"code":"E0012""#))
    for command in [["versions"], ["show"], ["rollback"], ["stats"], ["why", "{}"]] {
      let outcome = try Executable.run(["rules"] + command + ["--server", ExecutableTests.nowhere])
      #expect(outcome.status == 3 && outcome.output.isEmpty, "\(command)")
    }
  }

  @Test("why shows the decision and the whole evaluation, of an activity or of a request with one")
  func why() throws {
    let server = try RunningServer()
    let login = """
      {"customer_id": "c-9", "entity": "customer", "action": "login", "location": {"country": "US", "region": "FL"},
       "home": {"country": "US", "region": "O\\u001bK"}}
      """
    let outcome = try rules(server, "why", login)
    #expect(
      outcome.output.hasPrefix(
        """
        suspect_activity  customer.login
            suspect_activity login_elsewhere: login occurs outside of the membership user's location!
        login_elsewhere: true
          location.country != home.country or location.region != home.region: true
            location.country != home.country: false

        """), "\(outcome.output)")
    #expect(!outcome.output.contains("\u{1B}"), "what others wrote is shown, not done")
    let request = try rules(server, "why", "-", "--json", input: #"{"activity": \#(login)}"#)
    #expect(request.output.hasPrefix(#"{"decision":{"outcome":"SUSPECT_ACTIVITY""#))
    let missing = try rules(server, "why", #"{"customer_id": "c-9", "entity": "customer", "action": "login"}"#)
    #expect(missing.output.contains("\n    not evaluated login_elsewhere: location.country is missing\n"))
    let misspelt = try rules(server, "why", #"{"custmer_id": "c-9"}"#)
    #expect(misspelt.status == 2 && misspelt.messages.contains("Did you mean customer_id?"))
    #expect(try rules(server, "why", "{").status == 2)
    #expect(try rules(server, "why", #"{"entity": "x"}"#).status == 1, "the server's own refusal")
  }

  @Test("stats counts what rules did on the server")
  func stats() throws {
    let server = try RunningServer()
    let login = """
      {"activity": {"customer_id": "c-9", "entity": "customer", "action": "login",
      "location": {"country": "US", "region": "FL"}, "home": {"country": "US", "region": "OK"}}}
      """
    for _ in 0..<2 {
      #expect(try Executable.run("call", "Evaluate", login, "--server", server.address).status == 0)
    }
    let table = try rules(server, "stats")
    let row = table.output.split(separator: "\n").first { $0.hasPrefix("login_elsewhere ") }
    #expect(row?.split(separator: " ").prefix(6) == ["login_elsewhere", "2", "2", "0", "0", "0"])
    #expect(table.messages.hasPrefix("rules ") && table.messages.contains(", counted since 2"))
    let json = try rules(server, "stats", "--json").output
    #expect(json.split(separator: "\n").count == 9)
    #expect(json.contains(#"{"rule":"login_elsewhere","evaluated":"2","fired":"2","shadowFired":"0""#))
  }

  @Test("what authors write into versions cannot dress up as something else")
  func hostileNames() {
    let version = RuleSetVersion(
      version: "v", author: "ann\u{1B}[2J", comment: "a\nb\u{202E}c", appliedAt: 0, inForce: true)
    let lines = RulesVersionsCommand.table([version]).lines
    #expect(lines.count == 2)
    #expect(lines[1] == "*  v        1970-01-01T00:00:00Z      -  ann\u{FFFD}[2J  a\u{FFFD}b\u{FFFD}c")
    #expect(version.sentence == "rules v are in force since 1970-01-01T00:00:00Z, by ann\u{FFFD}[2J")
  }

  @Test("statistics are a line a rule, and below it the rules that it fired together with")
  func statistics() {
    let rules = [
      RuleStatistics(
        rule: "burst", evaluated: 200, fired: 7, notEvaluated: 3, nanoseconds: 30_000,
        overlaps: [RuleOverlap(rule: "night", count: 2)]),
      RuleStatistics(rule: "night", shadowFired: 12, wouldChangeOutcome: 5),
    ]
    #expect(
      RulesStatsCommand.lines(rules) == [
        "rule   evaluated  fired  shadow  not evaluated  would change  ns each",
        "burst        200      7       0              3             0      150",
        "  together with night: 2",
        "night          0      0      12              0             5        -",
      ])
  }
}
