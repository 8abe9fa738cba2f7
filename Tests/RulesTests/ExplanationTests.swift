import Testing

@testable import Rules

@Suite struct ExplanationTests {
  private func explained(
    _ text: String, _ fields: [String: SampleActivity.Value], kind: String = "a.b", times: [Int64] = [2_000]
  ) throws -> ExplainedPart {
    let compilation = compile(text)
    let errors = compilation.diagnostics.map { $0.rendered(in: compilation.file) }.joined(separator: "\n")
    var rehearsal = Rehearsal(try #require(compilation.ruleSet, "\(errors)"))
    var decision: SampleDecision?
    for time in times { decision = rehearsal.judge(.init(kind: kind, time: time, fields: fields), explaining: true) }
    return try #require(decision?.explanations["r"])
  }

  @Test("a condition is shown part by part, with what it saw and what it lacked")
  func tree() throws {
    let text = """
      let fresh = membership.started_at within 30d
      counter c = count of a.b by id
      rule r
        on a.b
        when fresh and (c over 1h > 1 or not (reason == "x")) and was_successful
        then friction
      """
    let fields: [String: SampleActivity.Value] = ["id": .text("k"), "membership.started_at": .integer(1)]
    let tree = try explained(text, fields, times: [1_000, 2_000])
    #expect(tree.text == "fresh and (c over 1h > 1 or not reason == \"x\") and was_successful")
    #expect(tree.isTrue == nil && tree.missing == "was_successful" && tree.value.description == "unknown")
    #expect(tree.parts.map(\.text) == ["fresh", "c over 1h > 1 or not reason == \"x\"", "was_successful"])
    #expect(tree.parts.map(\.value.description) == ["true", "true", "unknown"])
    let age = try #require(tree.parts[0].parts.first)
    #expect(age.text == "membership.started_at within 30d" && age.isTrue == true)
    #expect(age.parts.map(\.text) == ["membership.started_at"])
    #expect(age.parts[0].value == .value("1970-01-01T00:00:00.001Z"))
    let either = tree.parts[1].parts
    #expect(either.map(\.text) == ["c over 1h > 1", "not reason == \"x\""])
    #expect(either[0].parts.map(\.text) == ["c over 1h"] && either[0].parts[0].value == .value("2+"))
    #expect(either[1].isTrue == nil && either[1].missing == "reason")
    #expect(either[1].parts.map(\.text) == ["reason == \"x\""])
    #expect(either[1].parts[0].parts[0].value == .unknown(missing: "reason"))
  }

  @Test("rules that are off have no explanation")
  func off() throws {
    let text = "rule r on a.b when true then friction\nrule s on a.b when true then friction mode off"
    var rehearsal = Rehearsal(try #require(compile(text).ruleSet))
    let decision = rehearsal.judge(SampleActivity(kind: "a.b", time: 1), explaining: true)
    #expect(decision.explanations.keys.sorted() == ["r"])
    #expect(decision.explanations["r"]?.text == "true" && decision.explanations["r"]?.isTrue == true)
  }

  @Test(
    "values are shown as rules files write them",
    arguments: [
      ("amount > 10.00 USD", "amount", "12.34 USD"), ("amount.minor_units != 0", "amount.minor_units", "1234"),
      ("location.latitude > 40", "location.latitude", "40.75"), ("reason in (\"a\")", "reason", "\"b \\\"c\\\"\""),
      ("domain of reason == \"x\"", "domain of reason", "unknown"),
      ("client_ip == \"10.0.0.0/8\"", "client_ip", "\"10.1.2.3\""),
      ("category == financial", "category", "financial"), ("weekday == thursday", "weekday", "thursday"),
      ("clock between 00:00 and 01:30", "clock", "00:01"), ("hour < 3", "hour", "0"),
      ("occurred_at - membership.started_at > 1s", "occurred_at - membership.started_at", "1m"),
      ("occurred_at > 1970-01-01", "occurred_at", "1970-01-01T00:01:02.003Z"),
      ("was_successful is known", "was_successful", "true"),
      ("distance from home to location > 5km", "distance from home to location", "0km"),
      ("distance from home to location > 5km", "home", "40.75, -74"),
      ("amount.minor_units + 1 between 1 and 9", "amount.minor_units + 1", "1235"),
      ("amount.minor_units + 1 between 1 and 9", "amount.minor_units", "1234"),
      ("total over 1h > 5.00 USD", "total over 1h", "12.34 USD"), ("gone over 1h > 5s", "gone over 1h", "unknown"),
    ])
  func values(condition: String, part: String, expected: String) throws {
    let text = """
      counter total = sum amount of a.b by amount.currency
      counter gone = time since c.d by amount.currency
      rule r on a.b when \(condition) then friction
      """
    let fields: [String: SampleActivity.Value] = [
      "amount.minor_units": .integer(1_234), "amount.currency": .text("USD"), "location.latitude": .decimal(40.75),
      "location.longitude": .decimal(-74), "home.latitude": .decimal(40.75), "home.longitude": .decimal(-74),
      "reason": .text("b \"c\""), "client_ip": .text("10.1.2.3"), "category": .integer(3),
      "membership.started_at": .integer(2_003), "was_successful": .boolean(true),
    ]
    let tree = try explained(text, fields, times: [62_003])
    let found = try #require(tree.all.first { $0.text == part }, "\(tree)")
    #expect(found.value.description == expected)
  }

  @Test("a text longer than its bound is cut off, and parts are not")
  func longTexts() throws {
    let words = (0..<200).map { "reason == \"word\($0)\"" }
    let tree = try explained("rule r on a.b when \(words.joined(separator: " or ")) then friction", [:])
    #expect(tree.text.hasSuffix("…") && tree.text.utf8.count <= ExplainedPart.maxTextBytes + 3)
    #expect(tree.parts.count == 200 && tree.parts[199].text == "reason == \"word199\"")
  }

  @Test("explaining changes nothing about the plan that decides")
  func planStays() throws {
    var random = RandomRules(seed: 3)
    let ruleSet = try #require(compile(random.rules()).ruleSet)
    var plain = Rehearsal(ruleSet)
    var explaining = Rehearsal(ruleSet)
    for activity in random.activities(60) {
      var decision = explaining.judge(activity, explaining: true)
      decision.explanations = [:]
      #expect(plain.judge(activity) == decision)
    }
  }

  @Test(
    "the tree's root is the decision, and every part what a plain reading makes of it, for random rules and activities",
    arguments: (1...20).map { UInt64($0) })
  func agreesWithReference(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let text = random.rules()
    let ruleSet = try #require(compile(text).ruleSet)
    var rehearsal = Rehearsal(ruleSet)
    var reference = ReferenceInterpreter(Parser.parse(SourceFile(name: "random", text: text)).declarations)
    for (index, activity) in random.activities(25).enumerated() {
      let decision = rehearsal.judge(activity, explaining: true)
      for rule in ruleSet.rules {
        guard let tree = decision.explanations[rule.name] else { continue }
        let comment: Comment = "seed \(seed), activity \(index), \(rule.name): \(activity)\n\(text)"
        for part in tree.all {
          #expect(agrees(part, reference.value(part.text, activity)), "\(part.text) = \(part.value); \(comment)")
        }
        guard rule.otherwise == nil else { continue }
        #expect((tree.isTrue == true) == decision.fired.contains { $0.rule == rule.name }, comment)
        #expect(tree.missing == decision.unevaluated.first { $0.rule == rule.name }?.missingField, comment)
      }
      _ = reference.judge(activity)
    }
  }

  private func agrees(_ part: ExplainedPart, _ expected: ReferenceInterpreter.Value) -> Bool {
    switch (part.value, expected) {
    case (.condition(let isTrue), .boolean(let wanted)): isTrue == wanted
    case (.unknown(let missing), .unknown(let wanted)): missing == wanted
    case (.value("remembered"), .text): true
    case (.value(let text), .text(let wanted)): text == "\"\(wanted)\""
    case (.value(let text), .number(let wanted)):
      text.hasSuffix("+")
        ? Int64(text.dropLast()).map { $0 <= wanted } ?? false : text == "\(wanted)" || isTime(text, wanted)
    default: false
    }
  }

  /// Times and durations are shown as such.
  private func isTime(_ text: String, _ milliseconds: Int64) -> Bool {
    text == Literal.duration(milliseconds) || text == ValueType.time.text(milliseconds, currency: nil)
  }
}

extension ExplainedPart {
  /// It and all of its parts.
  var all: [ExplainedPart] { [self] + parts.flatMap(\.all) }
}
