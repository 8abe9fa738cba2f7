import Testing
import Windows

@testable import Rules

/// What the engine gets from `plan` and gives to `decide`, without windows in between.
@Suite struct PlanTests {
  /// Runs `body` with the activity's fields in place and the operations that were planned for it.
  private func plan(
    _ text: String, _ fields: [(Field, String)], numbers: [(Field, Int64)] = [],
    _ body: (RuleSet, inout FieldValues, [WindowOperation]) -> Void
  ) throws {
    let rules = try #require(compile(text).ruleSet)
    var values = FieldValues(for: rules)
    var bytes: [UInt8] = []
    var places: [(Field, Range<Int>)] = []
    for (field, value) in fields {
      places.append((field, bytes.count..<bytes.count + value.utf8.count))
      bytes += value.utf8
    }
    try bytes.withUnsafeBytes { buffer in
      for (field, place) in places { values.setText(UnsafeRawBufferPointer(rebasing: buffer[place]), for: field) }
      for (field, number) in numbers { values.setInteger(number, for: field) }
      try withUnsafeTemporaryAllocation(of: WindowOperation.self, capacity: rules.maxOperations + 1) { room in
        let first = try #require(room.baseAddress)
        let count = rules.plan(kind: 0, fields: &values, time: 1_000, hasher: hasher, into: first)
        #expect(count <= rules.maxOperations)
        body(rules, &values, Array(room[..<count]))
      }
    }
  }

  private let hasher = KeyHasher(key0: 3, key1: 5)

  private func hash(_ text: String) -> Hash128 { Array(text.utf8).withUnsafeBytes { hasher.hash($0) } }

  private let counters = """
    counter attempts = count of a.b by card.fingerprint
    counter countries = distinct location.country of a.b by card.fingerprint
    counter spent = sum amount.minor_units of a.b by customer_id, card.fingerprint
    counter others = count of c.d by card.fingerprint
    counter failures = count of a.b where not was_successful by card.fingerprint
    rule r
      on a.b
      when attempts over 1h > 3 or attempts over 2d > 9 or countries over 1h > 1 or spent over 1h > 5
        or others over 1h > 1 or failures over 1h > 1
      then friction

    """

  @Test("each counter of the kind has its key, its value, and whether it counts")
  func operations() throws {
    let fields: [(Field, String)] = [(.cardFingerprint, "card"), (.customerID, "me"), (.locationCountry, "US")]
    try plan(counters, fields, numbers: [(.amountMinorUnits, 250)]) { rules, _, operations in
      #expect(
        operations.map { rules.counters[Int($0.counter)].name } == [
          "attempts", "countries", "spent", "others", "failures",
        ])
      #expect(operations.map(\.contributes) == [true, true, true, false, false])
      #expect(operations[0].key == hash("card") && operations[1].key == hash("card"))
      #expect(operations[2].key == hash("me").combined(with: hash("card")))
      #expect(operations[1].value == Int64(bitPattern: hash("US").low))
      #expect(operations[2].value == 250)
      #expect(operations.map(\.readingCount) == [2, 1, 1, 1, 1])
      #expect(operations.map(\.firstReading) == [0, 2, 3, 4, 5])
      #expect((0..<rules.maxReadings).map { rules.spans[$0] / 3_600_000 } == [1, 48, 1, 1, 1, 1])
    }
  }

  @Test("without its group a counter has no operation; without its value it is neither read nor counted")
  func missingParts() throws {
    try plan(counters, [(.cardFingerprint, "card")]) { rules, fields, operations in
      #expect(operations.map { rules.counters[Int($0.counter)].name } == ["attempts", "others", "failures"])
      var verdict = Verdict(for: rules)
      var readings = [WindowReading](repeating: WindowReading(value: 1), count: rules.maxReadings)
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.firedCount == 0 && verdict.unevaluatedCount == 1)
      #expect(rules.missingName(verdict.unevaluated[0].missing) == "location.country")
      readings[0].value = 4
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.firedCount == 1 && verdict.unevaluatedCount == 0 && verdict.outcome == .friction)
      #expect((0..<verdict.observationCount).map { verdict.observations[$0].value } == [4, 1, 1, 1])
    }
    try plan(counters, []) { _, _, operations in #expect(operations.isEmpty) }
  }

  @Test("a counter that looks back is read before it is counted, one after the other")
  func lookingBack() throws {
    let text = """
      counter last_country = last location.country of a.b by customer_id
      rule r
        on a.b
        when last_country over 1d != location.country
        then suspect_activity

      """
    try plan(text, [(.customerID, "me"), (.locationCountry, "US")]) { rules, fields, operations in
      #expect(operations.map(\.contributes) == [false, true])
      #expect(operations.map(\.readingCount) == [1, 0])
      #expect(operations[0].key == operations[1].key)
      var verdict = Verdict(for: rules)
      var readings = [WindowReading(value: Int64(bitPattern: hash("US").low), isPresent: true)]
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.outcome == .none && verdict.unevaluatedCount == 0)
      readings[0].value = Int64(bitPattern: hash("CA").low)
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.outcome == .suspectActivity)
      readings[0].isPresent = false
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.unevaluatedCount == 1)
    }
    try plan(text, [(.customerID, "me")]) { _, _, operations in #expect(operations.map(\.contributes) == [false]) }
  }

  @Test("one spelling of an address is one key, and so is one network")
  func addressKeys() throws {
    let text = """
      counter exact = count of a.b by client_ip
      counter network = count of a.b by client_ip/24
      rule r
        on a.b
        when exact over 1h > 1 or network over 1h > 1
        then friction

      """
    func keys(_ address: String) throws -> [Hash128] {
      var keys: [Hash128] = []
      try plan(text, [(.clientIP, address)]) { _, _, operations in keys = operations.map(\.key) }
      return keys
    }
    #expect(try keys("192.0.2.1") == keys("::ffff:192.0.2.1"))
    #expect(try keys("192.0.2.1")[0] != keys("192.0.2.2")[0] && keys("192.0.2.1")[1] == keys("192.0.2.2")[1])
    #expect(try keys("192.0.2.1")[1] != keys("192.0.3.1")[1])
    #expect(try keys("2001:db8:1:2::1")[1] == keys("2001:DB8:1:3::9")[1])
    #expect(try keys("2001:db8:1::1")[1] != keys("2001:db8:2::1")[1])
    #expect(try keys("not an address").isEmpty)
  }

  @Test("an activity leaves nothing behind for the next one")
  func forgetting() throws {
    try plan(counters, [(.cardFingerprint, "card"), (.locationCountry, "US")]) { rules, fields, _ in
      fields.removeAll()
      withUnsafeTemporaryAllocation(of: WindowOperation.self, capacity: rules.maxOperations) { room in
        guard let first = room.baseAddress else { return }
        #expect(rules.plan(kind: 0, fields: &fields, time: 1_000, hasher: hasher, into: first) == 0)
      }
    }
  }

  @Test("the most severe rules come first, ties in the order of the file")
  func order() throws {
    let effects = ["friction", "allow", "access_blocked", "suspect_activity", "access_blocked", "friction"]
    let text = effects.enumerated().map { "rule r\($0)\n on a.b\n when true\n then \($1)" }.joined(separator: "\n")
    var rehearsal = Rehearsal(try #require(compile(text).ruleSet))
    let decision = rehearsal.judge(SampleActivity(kind: "a.b", time: 1))
    #expect(decision.fired.map(\.rule) == ["r2", "r4", "r0", "r5", "r3", "r1"])
    #expect(decision.outcome == .accessBlocked)
  }

  @Test(
    "numbers stay at their bounds instead of going around",
    arguments: [
      ("amount.minor_units + amount.minor_units > 0", true), ("amount.minor_units * 2 > amount.minor_units", false),
      ("amount.minor_units - -1 == amount.minor_units", true), ("amount.minor_units / 0 == 0", true),
      ("-amount.minor_units < 0", true),
    ])
  func saturation(condition: String, expected: Bool) throws {
    let text = "rule r\n on a.b\n when \(condition)\n then friction"
    var rehearsal = Rehearsal(try #require(compile(text).ruleSet))
    let activity = SampleActivity(kind: "a.b", time: 1, fields: ["amount.minor_units": .integer(.max)])
    #expect(rehearsal.judge(activity).fired.isEmpty != expected)
  }
}
