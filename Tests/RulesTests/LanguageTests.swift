import Testing

@testable import Rules

/// What each construct of the language means, by small rule sets and a few activities.
@Suite struct LanguageTests {
  private func decisions(_ rules: String, _ activities: [SampleActivity]) throws -> [SampleDecision] {
    let compilation = compile(rules)
    #expect(compilation.diagnostics.filter { $0.severity == .error }.map { $0.rendered(in: compilation.file) } == [])
    var rehearsal = Rehearsal(try #require(compilation.ruleSet))
    return activities.map { rehearsal.judge($0) }
  }

  /// Whether the one rule with `condition` fires for the last of the activities; nothing when it cannot be judged.
  private func judge(
    _ condition: String, declarations: String = "", _ fields: [[String: SampleActivity.Value]], every: Int64 = 1_000,
    from start: Int64 = 1_700_000_000_000
  ) throws -> Bool? {
    let rules = "\(declarations)\nrule r\n  on a.b\n  when \(condition)\n  then friction"
    let activities = fields.enumerated().map {
      SampleActivity(kind: "a.b", time: start + Int64($0) * every, fields: $1)
    }
    let last = try #require(try decisions(rules, activities).last)
    return last.unevaluated.isEmpty ? !last.fired.isEmpty : nil
  }

  @Test(
    "text predicates",
    arguments: [
      (#"device_id == "abc""#, true), (#"device_id != "abc""#, false), (#"device_id starts with "ab""#, true),
      (#"device_id starts with "abcd""#, false), (#"device_id ends with "bc""#, true),
      (#"device_id contains "b""#, true),
      (#"device_id contains "ca""#, false), (#"device_id matches "a?c""#, true), (#"device_id matches "a*""#, true),
      (#"device_id matches "*c*""#, true), (#"device_id matches "?c""#, false), (#"device_id in ("x", "abc")"#, true),
      (#"device_id not in ("x", "abc")"#, false), (#"domain of attributes.email == "example.org""#, true),
      (#"domain of attributes.email in ("a.org", "b.org")"#, false), (#"device_id == session_id"#, false),
      (#"device_id is known"#, true), (#"user_agent is missing"#, true), (#"reason matches "h?llo""#, true),
    ])
  func textPredicates(condition: String, expected: Bool) throws {
    let fields: [String: SampleActivity.Value] = [
      "device_id": .text("abc"), "session_id": .text("abd"), "attributes.email": .text("me@x@example.org"),
      "reason": .text("héllo"),
    ]
    #expect(try judge(condition, [fields]) == expected)
  }

  @Test(
    "addresses and ranges of them",
    arguments: [
      ("203.0.113.7", true), ("::ffff:203.0.113.7", true), ("203.0.112.255", false), ("2001:db8::1", true),
      ("2001:DB8:0:0:0:0:0:1", true), ("2001:db9::1", false), ("192.0.2.1", true), ("192.0.2.2", false),
    ])
  func addressRanges(address: String, expected: Bool) throws {
    let list = #"list bad of address = "203.0.113.0/24", "2001:db8::/32", "192.0.2.1""#
    #expect(try judge("client_ip in bad", declarations: list, [["client_ip": .text(address)]]) == expected)
    #expect(try judge("client_ip in bad", declarations: list, [["client_ip": .text("no address")]]) == nil)
  }

  @Test(
    "numbers, money, choices and times",
    arguments: [
      ("amount.minor_units > 1000", true), ("amount > 10.00 USD", true), ("amount >= 12.35 USD", false),
      ("amount between 12.34 USD and 20.00 USD", true), ("amount.minor_units in (1, 1234)", true),
      ("amount.minor_units * 2 == 2468", true), ("amount.minor_units / 100 + 1 == 13", true),
      ("-amount.minor_units < 0", true), ("category == financial", true), ("category != \"financial\"", false),
      ("location.latitude > 40", true), ("location.latitude > 40.75", false), ("location.longitude < -73.5", true),
      ("membership.started_at within 1d", true), ("membership.started_at within 1h", false),
      ("occurred_at - membership.started_at == 2h", true), ("membership.started_at < 2023-11-15", true),
      ("was_successful", true), ("not was_successful", false), ("was_successful == false", false),
    ])
  func numbers(condition: String, expected: Bool) throws {
    let fields: [String: SampleActivity.Value] = [
      "amount.minor_units": .integer(1234), "amount.currency": .text("USD"), "category": .integer(3),
      "location.latitude": .decimal(40.7128), "location.longitude": .decimal(-74.006), "was_successful": .boolean(true),
      "membership.started_at": .integer(1_700_000_000_000 - 7_200_000),
    ]
    #expect(try judge(condition, [fields]) == expected)
  }

  @Test("an amount in another currency cannot be judged")
  func otherCurrency() throws {
    let fields: [String: SampleActivity.Value] = ["amount.minor_units": .integer(1), "amount.currency": .text("EUR")]
    #expect(try judge("amount > 10.00 USD", [fields]) == nil)
    #expect(try judge("amount > 10.00 USD", [["amount.minor_units": .integer(5000)]]) == nil)
  }

  @Test(
    "three-valued logic",
    arguments: [
      ("yes and unknown", nil), ("unknown and yes", nil), ("no and unknown", false), ("unknown and no", false),
      ("yes or unknown", true), ("unknown or yes", true), ("no or unknown", nil), ("unknown or no", nil),
      ("not unknown", nil), ("unknown or unknown", nil), ("not (unknown and no)", true),
      ("unknown and unknown or yes", true),
    ] as [(String, Bool?)])
  func logic(condition: String, expected: Bool?) throws {
    let names = "let yes = id == \"x\"\nlet no = id == \"y\"\nlet unknown = reason == \"z\""
    #expect(try judge(condition, declarations: names, [["id": .text("x")]]) == expected)
  }

  @Test("of two missing fields the first is named")
  func firstMissing() throws {
    let rules = "rule r\n on a.b\n when card.bin == \"1\" and reason == \"x\" or device_id == \"y\"\n then allow"
    let decision = try decisions(rules, [SampleActivity(kind: "a.b", time: 1)])[0]
    #expect(decision.unevaluated == [SampleDecision.Unevaluated(rule: "r", missingField: "card.bin")])
  }

  @Test("otherwise says what to do about the unknown")
  func otherwise() throws {
    let rules = """
      rule a
        on x.y
        when reason == "z"
        then allow
        otherwise access_blocked "no reason given"
      rule b
        on x.y
        when reason == "z"
        then friction
        otherwise nothing
      """
    let missing = try decisions(rules, [SampleActivity(kind: "x.y", time: 1)])[0]
    #expect(missing.outcome == .accessBlocked)
    #expect(missing.fired.map(\.message) == ["no reason given"])
    #expect(missing.unevaluated.isEmpty)
  }

  @Test(
    "aggregates over the activities of a window",
    arguments: [
      ("count of a.b by id", "over 10s > 2", true), ("count of a.b by id", "over 10s > 3", false),
      ("count of a.b by id", "over 2s > 2", false), ("count of a.b where was_successful by id", "over 10s == 2", true),
      ("rate of a.b by id", "over 10s > 17 per minute", true), ("rate of a.b by id", "over 10s > 18 per minute", false),
      ("distinct device_id of a.b by id", "over 10s == 2", true),
      ("sum amount.minor_units of a.b by id", "over 10s == 60", true),
      ("average amount.minor_units of a.b by id", "over 10s == 20", true),
      ("min amount.minor_units of a.b by id", "over 10s == 10", true),
      ("max amount.minor_units of a.b by id", "over 10s == 30", true),
      ("first amount.minor_units of a.b by id", "over 10s == 10", true),
      ("last amount.minor_units of a.b by id", "over 10s == 20", true),
      ("time since a.b by id", "over 10s == 1s", true),
      ("time since a.b by id", "over 10s < 1s", false), ("last device_id of a.b by id", "over 10s != device_id", true),
      ("first device_id of a.b by id", "over 10s == device_id", true), ("count of a.* by id", "over 10s > 2", true),
      ("count of * by id, device_id", "over 10s == 2", true), ("count of c.d by id", "over 10s == 0", true),
      ("count of a.b by client_ip/24", "over 10s == 3", true),
    ])
  func aggregates(counter: String, comparison: String, expected: Bool) throws {
    let fields: [[String: SampleActivity.Value]] = (0..<3).map {
      [
        "id": .text("k"), "was_successful": .boolean($0 != 1), "device_id": .text($0 == 1 ? "e" : "d"),
        "amount.minor_units": .integer(10 * ($0 + 1)), "client_ip": .text("203.0.113.\($0)"),
      ]
    }
    #expect(try judge("c \(comparison)", declarations: "counter c = \(counter)", fields) == expected)
  }

  @Test("a counter that looks back has nothing to say at first, and its name is given")
  func looksBack() throws {
    let rules = "counter c = time since a.b by id\nrule r\n on a.b\n when c over 1d < 1h\n then friction"
    let activities = (0..<2).map { SampleActivity(kind: "a.b", time: 1_000 + $0, fields: ["id": .text("k")]) }
    let decisions = try decisions(rules, activities)
    #expect(decisions[0].unevaluated == [SampleDecision.Unevaluated(rule: "r", missingField: "c")])
    #expect(decisions[1].fired.count == 1)
  }

  @Test("nobody flies from New York to Tokyo in an hour")
  func impossibleTravel() throws {
    let counter = "counter last_place = last location of a.b by id"
    let newYork: [String: SampleActivity.Value] = [
      "id": .text("k"), "location.latitude": .decimal(40.7128), "location.longitude": .decimal(-74.006),
    ]
    var tokyo = newYork
    tokyo["location.latitude"] = .decimal(35.6762)
    tokyo["location.longitude"] = .decimal(139.6503)
    let fast = "speed from last_place over 1d to location > 900km/h"
    #expect(try judge(fast, declarations: counter, [newYork, tokyo], every: 3_600_000) == true)
    #expect(try judge(fast, declarations: counter, [newYork, tokyo], every: 14 * 3_600_000) == false)
    #expect(try judge(fast, declarations: counter, [newYork]) == nil)
    let far = "distance from last_place over 1d to location between 10800km and 10900km"
    #expect(try judge(far, declarations: counter, [newYork, tokyo]) == true)
  }

  @Test(
    "hours, days and clock times in a zone, summer and winter",
    arguments: [
      (1_795_150_800_000, 0, "friday", true), (1_795_150_799_999, 23, "thursday", true),
      (1_782_878_400_000, 0, "wednesday", true),  // 2026-07-01 in summer time
      (1_772_953_200_000, 3, "sunday", true),  // 2026-03-08 7:00 UTC: clocks just went from 2:00 to 3:00
      (1_772_953_199_999, 1, "sunday", true), (-1, 18, "wednesday", true),
    ])
  func zones(time: Int, hour: Int, day: String, expected: Bool) throws {
    let condition = "hour in \"America/New_York\" == \(hour) and weekday in \"America/New_York\" == \(day)"
    let offset = time < 0 ? " or true" : ""
    #expect(try judge(condition + offset, [[:]], from: Int64(time)) == expected)
  }

  @Test(
    "ranges of hours and clock times go around midnight",
    arguments: [
      ("hour between 22 and 2", true), ("hour between 2 and 22", false), ("clock between 23:30 and 00:15", true),
      ("clock between 23:31 and 00:15", false), ("weekday between saturday and monday", true),
      ("weekday in (saturday, sunday)", true), ("hour in (22, 23)", true),
    ])
  func ranges(condition: String, expected: Bool) throws {
    // Sunday 2026-11-22 23:30 UTC
    #expect(try judge(condition, [[:]], from: 1_795_390_200_000) == expected)
  }

  @Test("messages carry values, and a question mark for what is missing")
  func messages() throws {
    let rules = """
      counter c = count of a.b by id
      counter spent = sum amount of a.b by id, amount.currency
      rule r
        on a.b
        when c over 1h > 1
        then friction "{id}: {c over 1h} and {c over 1d} of {amount} for {spent over 1h}, \\{{reason}\\}"
      """
    let fields: [String: SampleActivity.Value] = [
      "id": .text("k"), "amount.minor_units": .integer(-1205), "amount.currency": .text("USD"),
    ]
    let activities = (0..<2).map { SampleActivity(kind: "a.b", time: 1_000 + $0, fields: fields) }
    let message = try decisions(rules, activities)[1].fired.first?.message
    #expect(message == "k: 2+ and 2+ of -12.05 USD for -24.10 USD, {?}")
  }

  @Test("shadow rules are reported apart, rules that are off not at all")
  func modes() throws {
    let rules = """
      rule a
        on x.y
        when true
        then access_blocked
        mode shadow
      rule b
        on x.y
        when true
        then friction
        mode off
      rule c
        on x.y
        when true
        then suspect_activity
        mode live
      """
    let decision = try decisions(rules, [SampleActivity(kind: "x.y", time: 1)])[0]
    #expect(decision.outcome == .suspectActivity)
    #expect(decision.fired.map(\.rule) == ["c"])
    #expect(decision.shadow.map(\.rule) == ["a"])
  }

  @Test("a share of the keys is live, always the same ones")
  func share() throws {
    let rules = "rule r\n on x.y\n when true\n then friction\n mode live for 25% by customer_id"
    let activities = (0..<4_000).map {
      SampleActivity(kind: "x.y", time: 1, fields: ["customer_id": .text("c\($0 % 2_000)")])
    }
    let decisions = try decisions(rules, activities)
    let live = decisions.map { !$0.fired.isEmpty }
    #expect(Array(live[..<2_000]) == Array(live[2_000...]))
    #expect((400...600).contains(live[..<2_000].count { $0 }))
    #expect(decisions.allSatisfy { $0.fired.count + $0.shadow.count == 1 })
  }

  @Test("actions, tags, score and severity are kept for those who act on them")
  func metadata() throws {
    let rules = """
      rule r
        on x.y
        when true
        then access_blocked "no" and lock customer for 1h and open case
        tags "velocity", "card"
        score 40
        severity high
      rule s
        on x.y
        when true
        then open case
      """
    let ruleSet = try #require(compile(rules).ruleSet)
    #expect(ruleSet.rules[0].consequence.actions == [.lockCustomer(milliseconds: 3_600_000), .openCase])
    #expect(ruleSet.rules[0].tags == ["velocity", "card"])
    #expect(ruleSet.rules[0].score == 40)
    #expect(ruleSet.rules[0].severity == .high)
    #expect(ruleSet.rules[1].effect == .none)
  }
}
