import Testing
import Windows

@testable import Rules

/// What the engine gets from `plan` and gives to `decide`, without windows in between.
@Suite struct PlanTests {
  /// An operation and its counter's name.
  private struct Planned {
    var counter: String
    var operation: WindowOperation
  }

  /// Runs `body` with the activity's fields in place and the operations that were planned for it.
  private func plan(
    _ text: String, _ fields: [(Field, String)], numbers: [(Field, Int64)] = [],
    _ body: (RuleSet, inout FieldValues, [Planned]) -> Void
  ) throws {
    let rules = try #require(compile(text).ruleSet)
    var values = FieldValues(for: rules, hasher: hasher)
    var bytes: [UInt8] = []
    var places: [(Field, Range<Int>)] = []
    for (field, value) in fields {
      places.append((field, bytes.count..<bytes.count + value.utf8.count))
      bytes += value.utf8
    }
    bytes.withUnsafeBytes { buffer in
      for (field, place) in places { values.setText(UnsafeRawBufferPointer(rebasing: buffer[place]), for: field) }
      for (field, number) in numbers { values.setInteger(number, for: field) }
      body(rules, &values, plan(rules, &values))
    }
  }

  private func plan(_ rules: RuleSet, _ fields: inout FieldValues) -> [Planned] {
    let queues = OperationQueues(for: rules, maxActivities: 1, shards: 1)
    rules.plan(kind: 0, fields: &fields, time: 1_000, contribution: .record, into: queues)
    return rules.counters.enumerated().flatMap { index, counter in
      queues.operations(ofShard: 0, counter: index).map { Planned(counter: counter.name, operation: $0) }
    }
  }

  private let hasher = KeyHasher(key0: 3, key1: 5)

  private func hash(_ text: String) -> Hash128 { Array(text.utf8).withUnsafeBytes { hasher.hash($0) } }

  private func fingerprint(_ text: String) -> Int64 {
    Int64(bitPattern: Array(text.utf8).withUnsafeBytes { hasher.fingerprint($0) })
  }

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
      #expect(operations.map(\.counter) == ["attempts", "countries", "spent", "others", "failures"])
      #expect(operations.map(\.operation.contribution) == [.record, .record, .record, .none, .none])
      #expect(operations.filter { $0.operation.key == hash("card") }.count == 4)
      #expect(operations[2].operation.key == hash("me").combined(with: hash("card")))
      #expect(operations[1].operation.value == fingerprint("US"))
      #expect(operations[2].operation.value == 250)
      #expect(operations.allSatisfy { $0.operation.time == 1_000 })
      #expect(operations.map(\.operation.readingCount) == [2, 1, 1, 1, 1])
      #expect(operations.map(\.operation.firstReading) == [0, 2, 3, 4, 5])
      #expect(operations.map(\.operation.firstSpan) == [0, 2, 3, 4, 5])
      #expect((0..<rules.maxReadings).map { rules.spans[$0] / 3_600_000 } == [1, 48, 1, 1, 1, 1])
    }
  }

  @Test("without its group a counter has no operation; without its value it is neither read nor counted")
  func missingParts() throws {
    try plan(counters, [(.cardFingerprint, "card")]) { rules, fields, operations in
      #expect(operations.map(\.counter) == ["attempts", "others", "failures"])
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
      #expect(operations.map(\.operation.contribution) == [.none, .record])
      #expect(operations.map(\.operation.readingCount) == [1, 0])
      #expect(operations[0].operation.key == operations[1].operation.key)
      var verdict = Verdict(for: rules)
      var readings = [WindowReading(value: fingerprint("US"), isPresent: true)]
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.outcome == .none && verdict.unevaluatedCount == 0)
      readings[0].value = fingerprint("CA")
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.outcome == .suspectActivity)
      readings[0].isPresent = false
      rules.decide(kind: 0, fields: &fields, readings: &readings, time: 1_000, into: &verdict)
      #expect(verdict.unevaluatedCount == 1)
    }
    try plan(text, [(.customerID, "me")]) { _, _, operations in
      #expect(operations.map(\.operation.contribution) == [.none])
    }
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
      try plan(text, [(.clientIP, address)]) { _, _, operations in keys = operations.map(\.operation.key) }
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
      #expect(plan(rules, &fields).isEmpty)
    }
  }

  @Test("operations go to the queues of their key's shard, in the order of the activities")
  func queues() throws {
    let rules = try #require(compile(counters).ruleSet)
    let queues = OperationQueues(for: rules, maxActivities: 50, shards: 3)
    var fields = FieldValues(for: rules, hasher: hasher)
    for number in 0..<50 {
      Array("card-\(number)".utf8).withUnsafeBytes { text in
        fields.removeAll()
        fields.setText(text, for: .cardFingerprint)
        rules.plan(kind: 0, fields: &fields, time: 1_000, number: number, contribution: .asIf, into: queues)
      }
    }
    var planned: Set<Int> = []
    for shard in 0..<3 {
      let operations = queues.operations(ofShard: shard, counter: 0)
      #expect(!operations.isEmpty && queues.count(ofShard: shard) == operations.count * 3)
      let numbers = operations.map { Int($0.firstReading) / rules.maxReadings }
      #expect(numbers == numbers.sorted())
      for (operation, number) in zip(operations, numbers) {
        #expect(operation.key == hash("card-\(number)") && operation.key.shard(of: 3) == shard)
        #expect(operation.contribution == .asIf && planned.insert(number).inserted)
      }
    }
    #expect(planned.count == 50)
    queues.removeAll()
    #expect((0..<3).allSatisfy { queues.count(ofShard: $0) == 0 })
  }

  @Test("a filter that lacks a field counts nothing, and one that has them all is asked")
  func filters() throws {
    let text = """
      counter declined = count of a.b where not was_successful and reason == "declined" by customer_id
      counter either = distinct device_id of a.b where reason == "declined" or session_id is missing by customer_id
      rule r
        on a.b
        when declined over 1h > 1 or either over 1h > 1
        then friction

      """
    func contributions(_ fields: [(Field, String)], _ wasSuccessful: Int64?) throws -> [WindowContribution] {
      var found: [WindowContribution] = []
      let numbers = wasSuccessful.map { [(Field.wasSuccessful, $0)] } ?? []
      try plan(text, [(.customerID, "me"), (.deviceID, "d")] + fields, numbers: numbers) { _, _, operations in
        found = operations.map(\.operation.contribution)
      }
      return found
    }
    #expect(try contributions([(.reason, "declined")], 0) == [.record, .record])
    #expect(try contributions([(.reason, "declined")], 1) == [.none, .record])
    #expect(try contributions([(.reason, "declined"), (.sessionID, "s")], nil) == [.none, .record])
    #expect(try contributions([], 0) == [.none, .record])
    #expect(try contributions([(.sessionID, "s")], 0) == [.none, .none])
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
