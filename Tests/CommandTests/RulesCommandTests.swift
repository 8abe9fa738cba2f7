import Foundation
import Rules
import Testing

@testable import gatehouse

@Suite("gatehouse rules format, explain, diff, cost and test, as a shell runs them")
struct RulesCommandTests {
  /// A folder of files that goes with its last reference.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("rules-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, _ name: String) throws -> String {
      let path = url.appendingPathComponent(name).path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
  }

  private static let messy = "rule r on a.b\n when   id==\"x\"\n then friction \"m\"\n"
  private static let formatted = "rule r\n  on a.b\n  when id == \"x\"\n  then friction \"m\"\n"
  private static let broken = "rule r\n  on a.b\n  when (id\n  then friction\n"

  @Test("format prints, checks and writes, and touches nothing that is formatted or broken")
  func format() throws {
    let folder = try Folder()
    let path = try folder.write(Self.messy, "t.rules")
    let printed = try Executable.run("rules", "format", path)
    #expect((printed.output, printed.messages, printed.status) == (Self.formatted, "", 0))
    let piped = try Executable.run("rules", "format", "-", input: Self.messy)
    #expect(piped.output == Self.formatted)
    let checked = try Executable.run("rules", "format", "--check", path)
    #expect((checked.output, checked.status) == ("", 1))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.messy)
    let written = try Executable.run("rules", "format", "--write", path)
    #expect((written.output, written.messages, written.status) == ("", "\(path): formatted\n", 0))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.formatted)
    #expect(try Executable.run("rules", "format", "--check", path).status == 0)
    let bad = try folder.write(Self.broken, "bad.rules")
    let refused = try Executable.run("rules", "format", "--write", bad)
    #expect(refused.status == 1)
    #expect(refused.messages.contains("error[E0011]") && refused.output.isEmpty)
    #expect(try String(contentsOfFile: bad, encoding: .utf8) == Self.broken)
  }

  @Test("format refuses what makes no sense together, and answers programs with one object")
  func formatOptions() throws {
    let both = try Executable.run("rules", "format", "--check", "--write", "x.rules")
    #expect((both.status, both.output) == (2, ""))
    #expect(try Executable.run("rules", "format", "--write", "-", input: Self.messy).status == 2)
    let json = try Executable.run("rules", "format", "--json", "-", input: "let a = true\n")
    #expect(json.output == #"{"file":"-","changed":false,"text":"let a = true\n"}"# + "\n")
    let errors = try Executable.run("rules", "format", "--json", "-", input: Self.broken)
    #expect(errors.output.hasPrefix(#"{"code":"E0011","severity":"error""#) && errors.status == 1)
    #expect(try Executable.run("rules", "format", "-", input: "").output == "")
  }

  @Test("check reads standard input, too")
  func checkStandardInput() throws {
    let good = try Executable.run("rules", "check", "-", input: Self.formatted)
    #expect(good.status == 0)
    #expect(good.messages.hasPrefix("-: version ") && good.messages.contains("no errors"))
    let bad = try Executable.run("rules", "check", "-", input: Self.broken)
    #expect(bad.status == 1)
    #expect(bad.output.hasPrefix("error[E0011]") && bad.output.contains("--> -:"))
  }

  @Test("explain knows every code, in capitals or not, and guesses at others")
  func explain() throws {
    let one = try Executable.run("rules", "explain", "e0023")
    #expect(one.output == "error[E0023]: Only counters have windows.\n")
    let all = try Executable.run("rules", "explain")
    #expect(all.output.split(separator: "\n").count == DiagnosticCode.allCases.count)
    let json = try Executable.run("rules", "explain", "W0002", "--json")
    #expect(json.output.hasPrefix(#"{"code":"W0002","severity":"warning","explanation":"Two counters"#))
    let unknown = try Executable.run("rules", "explain", "E023")
    #expect(unknown.messages == "gatehouse: there is no code E023\n  Did you mean E0023?\n")
    #expect((unknown.status, unknown.output) == (2, ""))
  }

  private static let old = """
    list quiet = "US"
    let late = hour >= 22
    counter orders = count of order.create by customer_id
    counter gone = count of order.create by device_id
    rule kept
      on order.create
      when orders over 24h > 5
      then friction "m"
    rule changed
      on order.create
      when late and location.country in quiet
      then friction "m"
    rule removed
      on order.create
      when gone over 1h > 5
      then friction "m"
    """
  private static let new = """
    # Nothing but layout is new here.
    list quiet = "US", "CA"
    counter spent = sum amount of order.create by customer_id, amount.currency
    counter orders = count of order.create by customer_id
    rule added
      on order.create
      when spent over 30d > 100.00 USD
      then allow
    rule changed
      on order.create
      when hour >= 22 and location.country in quiet
      then access_blocked "m"
    rule kept
      on order.create
      when orders over 24h > 5
      then friction "m"
    """

  @Test("diff tells what changes in meaning, and what becomes of every counter's windows")
  func diff() throws {
    let folder = try Folder()
    let (old, new) = (try folder.write(Self.old, "old.rules"), try folder.write(Self.new, "new.rules"))
    let outcome = try Executable.run("rules", "diff", old, new)
    #expect(
      outcome.output == """
        + rule added
            + on order.create
            + when spent over 30d > 100.00 USD
            + then allow
        ~ rule changed
            - then friction "m"
            + then access_blocked "m"
        - rule removed
            - on order.create
            - when gone over 1h > 5
            - then friction "m"
        ~ list quiet: 2 elements in place of 1
        + counter spent: begins empty, warm after 30d (over 30d)
        - counter gone: its windows are dropped
        = counter orders: keeps its windows (over 24h)

        """)
    #expect(
      outcome.messages == """
        rules: 1 added, 1 removed, 1 changed; lists: 1 changed; counters: 1 added, 1 removed; \
        1 of 2 counters keep their windows

        """)
    #expect(outcome.status == 0)
    #expect(try Executable.run("rules", "diff", "--exit-code", old, new).status == 1)
    #expect(try Executable.run("rules", "diff", "--exit-code", old, old).status == 0)
  }

  @Test("diff answers programs with an object a change, and says what is wrong with a file")
  func diffForPrograms() throws {
    let folder = try Folder()
    let (old, new) = (try folder.write(Self.old, "old.rules"), try folder.write(Self.new, "new.rules"))
    let objects = try Executable.run("rules", "diff", "--json", old, new).output.split(separator: "\n")
    #expect(objects.count == 7)
    #expect(
      objects.contains(
        #"{"what":"counter","name":"spent","change":"added","windows_ms":[2592000000],"warm_after_ms":2592000000}"#))
    #expect(
      objects.contains(
        #"{"what":"counter","name":"orders","change":"kept","windows_ms":[86400000],"warm_after_ms":0}"#))
    #expect(objects.contains(#"{"what":"list","name":"quiet","change":"changed","old_count":1,"new_count":2}"#))
    let bad = try Executable.run("rules", "diff", old, try folder.write(Self.broken, "bad.rules"))
    #expect((bad.status, bad.output) == (1, ""))
    #expect(bad.messages.contains("bad.rules:4:"))
  }

  @Test("cost has a line a rule, and nothing for a rule that is off")
  func cost() throws {
    let off = "\nrule silent\n  on order.create\n  when orders over 2h > 900\n  then friction\n  mode off"
    let folder = try Folder()
    let outcome = try Executable.run("rules", "cost", try folder.write(Self.old + off, "t.rules"))
    let words = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(words.map(\.first) == ["rule", "kept", "changed", "removed", "silent"])
    #expect(words.last == ["silent", "0", "0"])
    #expect(words[1].last == "orders")
    let costs = words.dropFirst().map { Int($0[1]) ?? -1 }
    #expect(costs[0] > costs[1] && costs[1] > 0, "a window costs more than comparing fields")
    let json = try Executable.run("rules", "cost", "--json", try folder.write(Self.old, "t.rules"))
    #expect(json.output.hasPrefix(#"{"rule":"kept","nanoseconds":"#))
  }

  @Test("the tests that stand beside a rules file are found, and both ways of each rule are asked for")
  func tests() throws {
    let folder = try Folder()
    let rules = try folder.write(Self.formatted, "t.rules")
    #expect(try Executable.run("rules", "test", rules).messages.contains("t.tests.jsonl cannot be opened"))
    func line(_ id: String, _ outcome: String) -> String {
      #"{"name":"\#(id)","evaluate":{"activity":{"id":"\#(id)","entity":"a","action":"b"}},"#
        + #""expect":{"outcome":"\#(outcome)"}}"# + "\n"
    }
    _ = try folder.write(line("x", "FRICTION"), "t.tests.jsonl")
    let oneWay = try Executable.run("rules", "test", rules)
    #expect(oneWay.output.hasPrefix("pass  friction"))
    #expect(
      oneWay.messages
        == "1 of 1 as expected, 0 unexpected; 1 of 1 rules fired, 0 both ways; never seen not to fire: r\n")
    #expect(oneWay.status == 0)
    #expect(try Executable.run("rules", "test", "--coverage", rules).status == 1)
    _ = try folder.write(line("x", "FRICTION") + line("y", "NONE"), "t.tests.jsonl")
    #expect(try Executable.run("rules", "test", "--coverage", rules).status == 0)
    _ = try folder.write(line("x", "NONE") + line("y", "NONE"), "t.tests.jsonl")
    let failed = try Executable.run("rules", "test", "--json", rules)
    #expect(failed.status == 1)
    #expect(failed.output.contains(#""differences":["expected the outcome NONE, got FRICTION"]"#))
    #expect(failed.output.hasSuffix(#"{"rule":"r","fired":1,"silent":1,"not_evaluated":0,"both_ways":true}"# + "\n"))
    #expect(try Executable.run("rules", "test", rules).output.contains("FAIL  friction"))
  }
}
