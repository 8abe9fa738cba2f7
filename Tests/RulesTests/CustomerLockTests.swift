import Testing

@testable import Rules

/// `customer is locked`: what the log says of a customer, by the newest of their locks and unlocks.
@Suite struct CustomerLockTests {
  private static let start: Int64 = 1_700_000_000_000
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 24 * hour

  private let rules = """
    rule locked on order.create, customer.* when customer is locked then access_blocked "locked"
    """

  /// `customer.lock` and the like, so long after the start; `length` is the attribute of a lock.
  private func activity(
    _ kind: String, after: Int64, length: String? = nil, customer: String? = "ann", succeeded: Bool? = nil
  ) -> SampleActivity {
    var activity = SampleActivity(kind: kind, time: Self.start + after)
    if let customer { activity.fields["customer_id"] = .text(customer) }
    if let length { activity.fields["attributes.lock_customer_ms"] = .text(length) }
    if let succeeded { activity.fields["was_successful"] = .boolean(succeeded) }
    return activity
  }

  private func judge(_ rules: String, _ activities: [SampleActivity]) throws -> [SampleDecision] {
    let compilation = compile(rules)
    #expect(compilation.diagnostics.map { $0.rendered(in: compilation.file) } == [])
    var rehearsal = Rehearsal(try #require(compilation.ruleSet))
    return activities.map { rehearsal.judge($0, explaining: true) }
  }

  /// Whether the last activity finds its customer locked; nothing when nobody can say.
  private func isLocked(_ activities: SampleActivity...) throws -> Bool? {
    let last = try #require(try judge(rules, activities).last)
    return last.unevaluated.isEmpty ? !last.fired.isEmpty : nil
  }

  @Test("a lock holds for its length, to the millisecond, and for its customer alone")
  func length() throws {
    let lock = activity("customer.lock", after: 0, length: "\(Self.hour)")
    #expect(try isLocked(activity("order.create", after: 0)) == false)
    #expect(try isLocked(lock, activity("order.create", after: 0)) == true)
    #expect(try isLocked(lock, activity("order.create", after: Self.hour - 1)) == true)
    #expect(try isLocked(lock, activity("order.create", after: Self.hour)) == false)
    #expect(try isLocked(lock, activity("order.create", after: 1, customer: "bob")) == false)
  }

  @Test(
    "a lock without a length that can be read holds until it is lifted, or for 400 days",
    arguments: [nil, "", "x", "-5", "1.5", "1 h", "99999999999999999999999", "34560000001"] as [String?])
  func unlimited(length: String?) throws {
    let lock = activity("customer.lock", after: 0, length: length)
    let unlock = activity("customer.unlock", after: Self.hour)
    #expect(try isLocked(lock, activity("order.create", after: 400 * Self.day - 1)) == true)
    #expect(try isLocked(lock, activity("order.create", after: 400 * Self.day)) == false)
    #expect(try isLocked(lock, unlock, activity("order.create", after: 2 * Self.hour)) == false)
  }

  @Test("a lock of no length is none")
  func zero() throws {
    let lock = activity("customer.lock", after: 0, length: "0")
    #expect(try isLocked(lock, activity("order.create", after: 0)) == false)
  }

  @Test("the newest by the activities' own times counts, of the same time the one recorded last")
  func newest() throws {
    let order = activity("order.create", after: 10)
    let (lock, unlock) = (activity("customer.lock", after: 5), activity("customer.unlock", after: 5))
    #expect(try isLocked(lock, unlock, order) == false)
    #expect(try isLocked(unlock, lock, order) == true)
    #expect(try isLocked(lock, activity("customer.unlock", after: 4), order) == true, "an unlock that comes late")
    #expect(try isLocked(unlock, activity("customer.lock", after: 4), order) == false, "a lock that comes late")
    let again = activity("customer.lock", after: 6, length: "1")
    #expect(try isLocked(lock, again, order) == false, "a shorter lock takes the place of a longer one")
    #expect(try isLocked(lock, activity("order.create", after: 4)) == true, "an order that comes late")
  }

  @Test("a lock or unlock sees what was before it")
  func itself() throws {
    let (lock, unlock) = (activity("customer.lock", after: 0), activity("customer.unlock", after: 1))
    #expect(try isLocked(lock) == false)
    #expect(try isLocked(lock, unlock) == true)
    #expect(try isLocked(lock, unlock, activity("customer.login", after: 2)) == false)
  }

  @Test("what failed changes nothing")
  func failed() throws {
    let order = activity("order.create", after: 10)
    let lock = activity("customer.lock", after: 0, succeeded: true)
    #expect(try isLocked(lock, order) == true)
    #expect(try isLocked(activity("customer.lock", after: 0, succeeded: false), order) == false)
    #expect(try isLocked(lock, activity("customer.unlock", after: 5, succeeded: false), order) == true)
  }

  @Test("without a customer nobody can say, and the rule's otherwise does")
  func missing() throws {
    let nobody = activity("order.create", after: 0, customer: nil)
    #expect(try isLocked(nobody) == nil)
    #expect(try judge(rules, [nobody])[0].unevaluated.map(\.missingField) == ["customer_id"])
    let otherwise = rules + "\n  otherwise friction"
    #expect(try judge(otherwise, [nobody])[0].outcome == .friction)
    let negated = "rule r on order.create when customer is not locked then allow"
    #expect(try judge(negated, [nobody])[0].unevaluated.count == 1)
    #expect(try judge(negated, [activity("order.create", after: 0)])[0].outcome == .allow)
  }

  @Test("a decision observes what is left of the lock")
  func observation() throws {
    let lock = activity("customer.lock", after: 0, length: "5000")
    let fired = try #require(try judge(rules, [lock, activity("order.create", after: 2_000)])[1].fired.first)
    #expect(
      fired.observations == [
        .init(
          counter: "customer.lock", windowMilliseconds: 400 * Self.day, value: 3_000, isAtLeast: false, threshold: 0)
      ])
  }

  @Test("an explanation shows since when and until when")
  func explanation() throws {
    let lock = activity("customer.lock", after: 0, length: "5000")
    let activities = [activity("order.create", after: 0), lock, activity("order.create", after: 2_000)]
    let trees = try judge(rules, activities).compactMap { $0.explanations["locked"] }
    #expect(trees.map(\.text) == Array(repeating: "customer is locked", count: 3))
    #expect(trees.map(\.isTrue) == [false, false, true])
    #expect(trees[2].parts.map(\.text) == ["locked since", "locked until"])
    #expect(
      trees[2].parts.map(\.value) == [.value("2023-11-14T22:13:20.000Z"), .value("2023-11-14T22:13:25.000Z")])
    #expect(trees[0].parts.map(\.missing) == ["customer.lock", "customer.lock"])
    let both = "rule r on order.create when not (customer is locked or amount.minor_units > 1) then friction"
    let joined = try #require(try judge(both, [lock, activity("order.create", after: 1)])[1].explanations["r"])
    #expect(joined.text == "not (customer is locked or amount.minor_units > 1)")
    #expect(joined.parts[0].parts.map(\.text) == ["customer is locked", "amount.minor_units > 1"])
  }

  @Test("all questions for the lock share one counter, whose definition is its own")
  func oneCounter() throws {
    let text = """
      let frozen = customer is locked
      rule a on a.b when frozen then friction
      rule b on a.b, c.d when customer is not locked and amount.minor_units > 5 then allow
      """
    let ruleSet = try #require(compile(text).ruleSet)
    #expect(ruleSet.counters.map(\.name) == ["customer.lock"])
    #expect(ruleSet.counters[0].shape.longestSpanMilliseconds == 400 * Self.day)
    #expect(ruleSet.kinds == ["a.b", "c.d", "customer.lock", "customer.unlock"])
    #expect(ruleSet.attributeNames == ["lock_customer_ms"])
    #expect(ruleSet.costs.map(\.counters) == [["customer.lock"], ["customer.lock"]])
    let plain = try #require(compile("rule a on a.b when amount.minor_units > 5 then friction").ruleSet)
    let change = RuleSetDifference(from: plain, to: ruleSet).counters
    #expect(
      change == [
        .added(
          name: "customer.lock", definition: ruleSet.counters[0].definition, warmAfterMilliseconds: 400 * Self.day)
      ])
  }

  @Test("it is written in one way")
  func format() throws {
    let text = "rule r on a.b when not customer  is locked and not (not (customer is locked)) then friction"
    let once = try #require(RuleFormatter.format(SourceFile(name: "r", text: text)).text)
    #expect(once.contains("when customer is not locked and not customer is not locked\n"))
    #expect(RuleFormatter.format(SourceFile(name: "r", text: once)).text == once)
    #expect(compile(once).ruleSet?.version == compile(text).ruleSet?.version)
  }

  @Test("customer stays a word of its own elsewhere")
  func otherUses() throws {
    for text in [
      "let who = actor.kind == customer\nrule r on a.b when who then lock customer for 1h",
      "let customer = was_successful\nrule r on a.b when customer or customer is missing then friction",
    ] { #expect(compile(text).diagnostics == []) }
  }
}
