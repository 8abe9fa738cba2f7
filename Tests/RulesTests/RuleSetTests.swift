import Testing
import Windows

@testable import Rules

/// What the engine relies on.
@Suite struct RuleSetTests {
  private func ruleSet(_ text: String) throws -> RuleSet {
    let compilation = compile(text)
    #expect(compilation.diagnostics.filter { $0.severity == .error }.map { $0.rendered(in: compilation.file) } == [])
    return try #require(compilation.ruleSet)
  }

  private func select(_ rules: RuleSet, _ entity: String, _ action: String) -> String? {
    let kind = Array(entity.utf8).withUnsafeBytes { entity in
      Array(action.utf8).withUnsafeBytes { rules.selectKind(entity: entity, action: $0) }
    }
    return kind < 0 ? nil : rules.kinds[Int(kind)]
  }

  private func rule(_ name: String, on kinds: String, when condition: String = "true") -> String {
    "rule \(name)\n on \(kinds)\n when \(condition)\n then friction\n"
  }

  @Test("a kind is found by itself, by its entity, by everything, or not at all")
  func kinds() throws {
    let some = try ruleSet(rule("a", on: "order.create") + rule("b", on: "customer.*"))
    #expect(select(some, "order", "create") == "order.create")
    #expect(select(some, "order", "cancel") == nil)
    #expect(select(some, "customer", "anything") == "customer.*")
    #expect(select(some, "customer", "create") == "customer.*")
    #expect(select(some, "", "") == nil)
    let all = try ruleSet(rule("a", on: "order.create") + rule("b", on: "*"))
    #expect(select(all, "order", "create") == "order.create")
    #expect(select(all, "never", "heard") == "*")
    var rehearsal = Rehearsal(all)
    #expect(rehearsal.judge(SampleActivity(kind: "order.create", time: 1)).fired.map(\.rule) == ["a", "b"])
    #expect(rehearsal.judge(SampleActivity(kind: "x.y", time: 1)).fired.map(\.rule) == ["b"])
  }

  @Test(
    "each window is sized by what all rules ask of it",
    arguments: [
      ("c over 1h > 5", 6, 3_600_000), ("c over 1h >= 5", 5, 3_600_000), ("c over 1h < 5", 5, 3_600_000),
      ("c over 1h <= 5", 6, 3_600_000), ("c over 1h == 5", 6, 3_600_000), ("c over 1h between 2 and 7", 8, 3_600_000),
      ("c over 1h > 5 or c over 3d > 2", 6, 259_200_000), ("3 < c over 1h", 4, 3_600_000),
      ("c over 1h > 0", 1, 3_600_000),
    ])
  func shapes(condition: String, capacity: Int, span: Int) throws {
    let rules = try ruleSet("counter c = count of a.b by id\n" + rule("r", on: "a.b", when: condition))
    #expect(rules.counters[0].shape.capacity == capacity)
    #expect(rules.counters[0].shape.longestSpanMilliseconds == Int64(span))
    #expect(rules.counters[0].shape.aggregate == .count)
  }

  @Test("a counter is the same as long as its definition is")
  func identity() throws {
    let use = { (name: String) in rule("r", on: "a.b", when: "\(name) over 1h > 2") }
    let base = try ruleSet("counter c = count of a.b, a.c where reason == \"x\" by id\n" + use("c"))
    let renamed = try ruleSet("let f = reason == \"x\"\ncounter d = count of a.c,a.b where (f) by id\n" + use("d"))
    let other = try ruleSet("counter c = count of a.b, a.c where reason == \"y\" by id\n" + use("c"))
    #expect(base.counters[0].identity == renamed.counters[0].identity)
    #expect(base.counters[0].identity != other.counters[0].identity)
  }

  @Test("the version is of what the file means, not of how it looks, and of its lists' content")
  func version() throws {
    let plain = "list l of text from \"f\"\n" + rule("r", on: "a.b", when: "id in l")
    let loader = { (content: String) in ListLoader { _ throws(ListLoader.Failure) in Array(content.utf8) } }
    let first = compile(plain, lists: loader("a\nb # two\n")).ruleSet
    #expect(first != nil)
    #expect(first?.version == compile("# why\n\n" + plain, lists: loader("b\r\n a\n\n")).ruleSet?.version)
    #expect(first?.version != compile(plain, lists: loader("a\n")).ruleSet?.version)
    #expect(
      first?.version != compile(plain.replacing("friction", with: "allow"), lists: loader("a\nb")).ruleSet?.version)
  }

  @Test("list files are checked line by line")
  func listFiles() {
    let text = "list l of address from \"bad.txt\"\n" + rule("r", on: "a.b", when: "client_ip in l")
    let loader = ListLoader { name throws(ListLoader.Failure) in
      Array("# \(name)\n10.0.0.0/8\nnonsense\n\n300.1.1.1 # no\n".utf8)
    }
    let diagnostics = compile(text, lists: loader).diagnostics
    #expect(diagnostics.map(\.code) == [.badElement, .badElement])
    #expect(
      diagnostics.map(\.message) == [
        "line 3 of bad.txt: `nonsense` is no address", "line 5 of bad.txt: `300.1.1.1` is no address",
      ])
    #expect(Set(diagnostics.map(\.label)) == ["expected an address or a range"])
  }

  @Test("what is wrong in list files is told up to the bound of a file's errors, and too many elements by themselves")
  func listFileBounds() {
    let rules = rule("r", on: "a.b", when: "amount.minor_units in l")
    func diagnostics(_ line: String, times count: Int) -> [Diagnostic] {
      let loader = ListLoader { _ throws(ListLoader.Failure) in
        Array(String(repeating: line + "\n", count: count).utf8)
      }
      return compile("list l of integer from \"l.txt\"\n" + rules, lists: loader).diagnostics
    }
    let broken = diagnostics("1.5", times: 1_000)
    #expect(broken.map(\.message) == (1...100).map { "line \($0) of l.txt: `1.5` is no whole number" })
    #expect(diagnostics("7", times: Limits.maxListElements).isEmpty)
    let tooMany = diagnostics("7", times: Limits.maxListElements + 1)
    #expect(tooMany.map(\.code) == [.tooMany])
    #expect(tooMany.first?.message == "too many elements in l.txt")
    #expect(tooMany.first?.label == "at most 100000 in one list")
  }

  @Test("a group of several fields is another key in another order, and fields that lack are no key")
  func groupKeys() throws {
    let rules = try ruleSet(
      "counter c = count of a.b by id, reason\ncounter d = count of a.b by reason, id\n"
        + rule("r", on: "a.b", when: "c over 1h > 1 or d over 1h > 1"))
    var rehearsal = Rehearsal(rules)
    let both: [String: SampleActivity.Value] = ["id": .text("x"), "reason": .text("y")]
    #expect(rehearsal.judge(SampleActivity(kind: "a.b", time: 1, fields: both)).fired.isEmpty)
    #expect(!rehearsal.judge(SampleActivity(kind: "a.b", time: 2, fields: both)).fired.isEmpty)
    let swapped: [String: SampleActivity.Value] = ["id": .text("y"), "reason": .text("x")]
    #expect(rehearsal.judge(SampleActivity(kind: "a.b", time: 3, fields: swapped)).fired.isEmpty)
    let missing = rehearsal.judge(SampleActivity(kind: "a.b", time: 4, fields: ["id": .text("x")]))
    #expect(missing.unevaluated == [SampleDecision.Unevaluated(rule: "r", missingField: "reason")])
  }

  @Test("what differs between two rule sets")
  func difference() throws {
    let counters = "counter c = count of a.b by id\n"
    let old = try ruleSet(counters + rule("r", on: "a.b", when: "c over 1h > 1") + rule("s", on: "a.b"))
    let new = try ruleSet(
      "let hour_long = c over 2h > 1\ncounter c = count of a.b by id\ncounter e = distinct reason of a.b by id\n"
        + rule("r", on: "a.b", when: "hour_long") + rule("t", on: "a.b", when: "e over 1d > 2"))
    let difference = RuleSetDifference(from: old, to: new)
    #expect(
      difference.rules.map { change in
        switch change {
        case .added(let name, _): "+\(name)"
        case .removed(let name, _): "-\(name)"
        case .changed(let name, let from, let to): "\(name) \(from.contains("1h > 1")) \(to.contains("2h > 1"))"
        }
      } == ["r true true", "+t", "-s"])
    #expect(
      difference.counters == [
        .widened(name: "c", definition: "count of a.b by id", warmAfterMilliseconds: 3_600_000),
        .added(name: "e", definition: "distinct reason of a.b by id", warmAfterMilliseconds: 86_400_000),
      ])
    #expect(RuleSetDifference(from: old, to: old).isEmpty)
    let more = try ruleSet(counters + rule("r", on: "a.b", when: "c over 1h > 2") + rule("s", on: "a.b"))
    #expect(
      RuleSetDifference(from: old, to: more).counters == [
        .widened(name: "c", definition: "count of a.b by id", warmAfterMilliseconds: 3_600_000)
      ], "the third newest was not kept")
    #expect(
      RuleSetDifference(from: more, to: old).counters == [.narrowed(name: "c", definition: "count of a.b by id")])
    #expect(new.counters.indices.map { new.windowsMilliseconds(ofCounter: $0) } == [[7_200_000], [86_400_000]])
  }

  @Test("a list with other elements is a difference, written out or not")
  func listDifference() throws {
    func rules(_ lists: String) throws -> RuleSet {
      try ruleSet(lists + rule("r", on: "a.b", when: "id in l and reason in k"))
    }
    let old = try rules("list l = \"a\", \"b\"\nlist k = \"x\"\nlist gone = 1\n")
    let new = try rules("list k = \"x\"\nlist l = \"a\", \"c\", \"d\"\nlist extra = 1, 2\n")
    let difference = RuleSetDifference(from: old, to: new)
    #expect(difference.rules.isEmpty && difference.counters.isEmpty && !difference.isEmpty)
    #expect(
      Set(difference.lists) == [
        .changed(name: "l", from: 2, to: 3), .added(name: "extra", count: 2), .removed(name: "gone", count: 1),
      ])
    let inline = try ruleSet(rule("r", on: "a.b", when: "id in (\"a\")"))
    #expect(inline.lists.isEmpty, "one written in place is part of its rule")
  }

  @Test("every rule has its estimate, and rules that are off cost nothing")
  func costs() throws {
    let rules = try ruleSet(
      "counter c = count of a.b by id\n" + rule("r", on: "a.b", when: "c over 1h > 9") + " mode live\n"
        + rule("s", on: "a.b") + rule("t", on: "a.b") + " mode off")
    let costs = rules.costs
    #expect(costs.map(\.rule) == ["r", "s", "t"])
    #expect(costs[0].nanoseconds > costs[1].nanoseconds && costs[1].nanoseconds > 0 && costs[2].nanoseconds == 0)
    #expect(costs[0].bytesAKey == 16 + 10 * 8)
    #expect(costs[0].counters == ["c"])
  }

  @Test("two hundred rules over fifty counters compile and decide")
  func manyRules() throws {
    let counters = (0..<50).map { "counter c\($0) = count of a.b where score_\($0 % 5) by id\n" }
    let lets = (0..<5).map { "let score_\($0) = amount.minor_units > \($0)\n" }
    let bodies = (0..<200).map { rule("r\($0)", on: "a.b", when: "c\($0 % 50) over \($0 % 4 + 1)h > \($0 % 7)") }
    let compilation = compile(lets.joined() + counters.joined() + bodies.joined())
    // Only five definitions are different: the rest share their windows.
    let rules = try #require(compilation.ruleSet)
    #expect(rules.counters.count == 5)
    var rehearsal = Rehearsal(rules)
    let fields: [String: SampleActivity.Value] = ["id": .text("x"), "amount.minor_units": .integer(3)]
    let decision = rehearsal.judge(SampleActivity(kind: "a.b", time: 1, fields: fields))
    #expect(decision.fired.count == 200 * 3 / 5 / 7 || !decision.fired.isEmpty)
    #expect(decision.fired.allSatisfy { $0.observations.count == 1 })
  }

  @Test("an absurd activity is judged or reported, never miscounted")
  func absurdActivity() throws {
    let rules = try ruleSet(
      "counter c = sum amount.minor_units of a.b by id\n" + rule("r", on: "a.b", when: "c over 1h > 5")
        + rule("far", on: "a.b", when: "distance from home to location > 1km")
        + rule("age", on: "a.b", when: "occurred_at - membership.started_at < 0s"))
    var rehearsal = Rehearsal(rules)
    let fields: [String: SampleActivity.Value] = [
      "id": .text("x"), "amount.minor_units": .integer(.max), "location.latitude": .decimal(.nan),
      "location.longitude": .decimal(.infinity), "home.latitude": .decimal(1e300), "home.longitude": .decimal(0),
      "membership.started_at": .integer(.min),
    ]
    let time: Int64 = 253_402_300_799_999
    _ = rehearsal.judge(SampleActivity(kind: "a.b", time: time, fields: fields))
    let decision = rehearsal.judge(SampleActivity(kind: "a.b", time: time, fields: fields))
    #expect(decision.fired.map(\.rule) == ["r"])
    #expect(decision.unevaluated == [SampleDecision.Unevaluated(rule: "far", missingField: "home.latitude")])
  }
}
