@testable import Rules

/// Writes random rule sets and activities that meet often: few kinds, few values, many missing fields.
struct RandomRules {
  private var random: SeededGenerator
  private var counters: [(name: String, aggregate: Aggregate, isText: Bool)] = []

  private var isInFilter = false

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private static let kinds = ["a.b", "a.c", "d.b", "customer.lock", "customer.unlock"]
  private static let texts = ["device_id", "session_id", "customer_id", "attributes.k"]
  private static let words = ["x", "y", "xy", "yx"]

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(random.next() % UInt64(elements.count))]
  }

  private mutating func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }

  private mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }

  mutating func rules() -> String {
    var lines = ["list some = \"x\", \"xy\"", "let named = device_id == \"x\" or was_successful"]
    counters = []
    var declared: [(name: String, aggregate: Aggregate, isText: Bool)] = []
    for index in 0..<6 {
      lines.append(counter("c\(index)"))
      // A counter's filter reads no counters.
      declared += counters
      counters = []
    }
    counters = declared
    for index in 0..<8 {
      lines += ["rule r\(index)", "  on \(pick(Self.kinds + ["a.*", "*"]))", "  when \(condition(depth: 3))"]
      lines.append("  then \(pick(Effect.allCases.compactMap(\.keyword)))")
      if chance(30) { lines.append("  otherwise \(pick(["nothing", "friction", "allow"]))") }
    }
    return lines.joined(separator: "\n")
  }

  private mutating func counter(_ name: String) -> String {
    let aggregate = pick(Aggregate.allCases.filter { $0 != .rate })
    let isText = aggregate == .distinct || ((aggregate == .first || aggregate == .last) && chance(50))
    var text = "counter \(name) = \(aggregate.rawValue)"
    if aggregate.takesValue { text += " \(isText ? "device_id" : "amount.minor_units")" }
    text += (aggregate == .timeSince ? " " : " of ") + pick(Self.kinds + ["a.*", "*", "a.b, d.b"])
    isInFilter = true
    if chance(50) { text += " where \(condition(depth: 1))" }
    isInFilter = false
    text += " by \(pick(["customer_id", "session_id", "customer_id, session_id", "attributes.k"]))"
    counters.append((name, aggregate, isText && aggregate != .distinct))
    return text
  }

  private mutating func condition(depth: Int) -> String {
    guard depth > 0, chance(60) else { return predicate() }
    switch random.next() % 4 {
    case 0: return "not (\(condition(depth: depth - 1)))"
    case 1: return "(\(condition(depth: depth - 1)) and \(condition(depth: depth - 1)))"
    case 2: return "(\(condition(depth: depth - 1)) or \(condition(depth: depth - 1)) or \(predicate()))"
    default: return "(\(predicate()) and \(predicate()) and \(condition(depth: depth - 1)))"
    }
  }

  private mutating func predicate() -> String {
    if !counters.isEmpty, chance(50) { return reading() }
    if !isInFilter, chance(10) { return pick(["customer is locked", "customer is not locked"]) }
    let relation = pick(Expression.Comparison.allCases.map(\.rawValue))
    switch random.next() % 9 {
    case 0: return "\(pick(Self.texts)) \(pick(["==", "!="])) \"\(pick(Self.words))\""
    case 1: return "device_id \(pick(["==", "!="])) session_id"
    case 2: return "\(pick(Self.texts)) \(pick(["in", "not in"])) \(pick(["some", "(\"y\", \"yx\")"]))"
    case 3:
      let test = pick(["starts with", "ends with", "contains", "matches"])
      return
        "\(pick(Self.texts)) \(test) \"\(pick(test == "matches" ? ["x*", "?", "*y", "x?", "*x*y*"] : ["x", "y", "xy"]))\""
    case 4: return "amount.minor_units \(relation) \(number(-3...3))"
    case 5: return "amount.minor_units + 1 between \(number(-3...0)) and \(number(0...3))"
    case 6: return pick(["was_successful", "named", "device_id is known", "attributes.k is missing", "true"])
    case 7: return "membership.started_at within \(number(1...30))s"
    default: return "hour between \(number(0...23)) and \(number(0...23))"
    }
  }

  private mutating func reading() -> String {
    let counter = pick(counters)
    let over = "\(counter.name) over \(pick(["1s", "5s", "20s", "1h"]))"
    if counter.isText { return "\(over) \(pick(["==", "!="])) device_id" }
    let relation = pick(Expression.Comparison.allCases.map(\.rawValue))
    switch counter.aggregate {
    case .timeSince: return "\(over) \(relation) \(number(0...6))s"
    case .count, .distinct:
      return chance(80)
        ? "\(over) \(relation) \(number(0...4))" : "\(over) between \(number(0...2)) and \(number(2...4))"
    default: return "\(over) \(relation) \(pick(["\(number(-3...3))", "amount.minor_units"]))"
    }
  }

  mutating func activities(_ count: Int) -> [SampleActivity] {
    var time: Int64 = 1_700_000_000_000
    return (0..<count).map { _ in
      time += number(0...2_500)
      var activity = SampleActivity(kind: pick(Self.kinds), time: chance(85) ? time : time - number(0...8_000))
      for name in Self.texts where chance(80) { activity.fields[name] = .text(pick(Self.words)) }
      if chance(80) { activity.fields["amount.minor_units"] = .integer(number(-3...3)) }
      if chance(70) { activity.fields["was_successful"] = .boolean(chance(50)) }
      if activity.kind == "customer.lock", chance(80) {
        activity.fields["attributes.lock_customer_ms"] = .text(pick(["0", "3000", "15000", "", "soon"]))
      }
      if chance(70) { activity.fields["membership.started_at"] = .integer(time - number(-5_000...40_000)) }
      return activity
    }
  }
}
