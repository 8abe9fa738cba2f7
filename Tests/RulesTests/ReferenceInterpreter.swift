@testable import Rules

/// The language as plainly as it can be said: walks the parsed text for every activity, keeps every activity for ever, and
/// shares no code with checker, compiler or plan. It knows the part of the language that `RandomRules` writes.
struct ReferenceInterpreter {
  enum Value: Hashable {
    case unknown(String)
    case boolean(Bool)
    case number(Int64)
    case text(String)

    var truth: Bool? { if case .boolean(let value) = self { value } else { nil } }
    var missing: String? { if case .unknown(let name) = self { name } else { nil } }
  }

  private let rules: [RuleDeclaration]
  private var counters: [String: CounterDeclaration.Body] = [:]
  private var definitions: [String: Expression] = [:]
  private var lists: [String: [Expression]] = [:]
  private var history: [SampleActivity] = []

  init(_ declarations: [Declaration]) {
    rules = declarations.compactMap { if case .rule(let rule) = $0 { rule } else { nil } }
    for declaration in declarations {
      switch declaration {
      case .counter(let counter): counters[counter.name.text] = counter.body
      case .definition(let definition): definitions[definition.name.text] = definition.value
      case .list(let list): lists[list.name.text] = list.elements
      case .rule: break
      }
    }
  }

  /// What a rule that fired is expected to have seen of a counter.
  struct Observation: Hashable {
    var counter: String
    var window: Int64
    var threshold: Int64
    var value: Int64
  }

  /// Fired rules (with `!` behind those that fired by their `otherwise`) in order, and `RULE FIELD` for what was unknown.
  mutating func judge(
    _ activity: SampleActivity
  ) -> (fired: [String], observations: [[Observation]], unevaluated: Set<String>) {
    var fired: [(effect: Effect, index: Int, name: String)] = []
    var observations: [Int: [Observation]] = [:]
    var unevaluated: Set<String> = []
    for (index, rule) in rules.enumerated() where applies(rule.kinds, activity.kind) {
      guard let condition = rule.condition, let consequence = rule.consequence else { continue }
      observations[index] = observe(condition, activity)
      switch evaluate(condition, activity) {
      case .boolean(true): fired.append((consequence.effect, index, rule.name.text))
      case .unknown(let field):
        if case .fires(let other)? = rule.otherwise {
          fired.append((other.effect, index, rule.name.text + "!"))
        } else if rule.otherwise == nil {
          unevaluated.insert("\(rule.name.text) \(field)")
        }
      default: break
      }
    }
    history.append(activity)
    let ordered = fired.sorted { ($1.effect, $0.index) < ($0.effect, $1.index) }
    return (ordered.map(\.name), ordered.map { observations[$0.index] ?? [] }, unevaluated)
  }

  /// What an expression comes to for an activity that is not judged yet.
  func value(_ text: String, _ activity: SampleActivity) -> Value {
    if text == "locked since" || text == "locked until" { return lockBound(isEnd: text == "locked until", activity) }
    let file = SourceFile(name: "part", text: "rule r on a.b when \(text) then friction")
    guard case .rule(let rule)? = Parser.parse(file).declarations.first, let condition = rule.condition else {
      return .unknown("not an expression")
    }
    return evaluate(condition, activity)
  }

  private func applies(_ kinds: [Name], _ kind: String) -> Bool {
    kinds.contains { pattern in
      pattern.text == "*" || pattern.text == kind
        || (pattern.text.hasSuffix(".*") && kind.hasPrefix(pattern.text.dropLast()))
    }
  }

  // MARK: - Expressions

  private func evaluate(_ expression: Expression, _ activity: SampleActivity) -> Value {
    switch expression.kind {
    case .literal(.integer(let value)), .literal(.duration(let value)): return .number(value)
    case .literal(.boolean(let value)): return .boolean(value)
    case .literal(.text(let text)): return .text(text)
    case .name(let name): return definitions[name].map { evaluate($0, activity) } ?? field(name, activity)
    case .reading(let counter, let window, _): return read(counter.text, window, activity)
    case .time(.hour, _): return .number((activity.time / 3_600_000) % 24)
    case .negated(let inner):
      if case .number(let value) = evaluate(inner, activity) { return .number(-value) }
      return evaluate(inner, activity)
    case .not(let inner): return evaluate(inner, activity).truth.map { .boolean(!$0) } ?? evaluate(inner, activity)
    case .all(let parts): return join(parts.map { evaluate($0, activity) }, decisive: false)
    case .any(let parts): return join(parts.map { evaluate($0, activity) }, decisive: true)
    case .arithmetic(let operation, let left, let right):
      return combine(left, right, activity) { .number(operation == .add ? $0 &+ $1 : $0 &- $1) }
    case .comparison(let comparison, let left, let right): return compare(comparison, left, right, activity)
    case .between(let value, let low, let high): return between(value, low, high, activity)
    case .member(let value, let collection): return member(value, collection, activity)
    case .within(let value, let window):
      return combine(value, window, activity) { .boolean(activity.time - $0 < $1) }
    case .presence(let value, let isKnown): return .boolean((evaluate(value, activity).missing == nil) == isKnown)
    case .text(let test, let value, let pattern): return match(test, value, pattern, activity)
    case .customerIsLocked:
      if case .number(let left) = lockRemaining(activity) { return .boolean(left > 0) }
      return lockRemaining(activity)
    default: return .unknown("not part of the reference")
    }
  }

  private func field(_ name: String, _ activity: SampleActivity) -> Value {
    switch activity.fields[name] {
    case .text(let text): text.isEmpty ? .unknown(name) : .text(text)
    case .integer(let value): .number(value)
    case .boolean(let value): .boolean(value)
    default: .unknown(name)
    }
  }

  /// Kleene: one decisive part decides; else the first unknown; else the opposite.
  private func join(_ values: [Value], decisive: Bool) -> Value {
    if values.contains(.boolean(decisive)) { return .boolean(decisive) }
    return values.first { $0.missing != nil } ?? .boolean(!decisive)
  }

  private func combine(
    _ left: Expression, _ right: Expression, _ activity: SampleActivity, _ body: (Int64, Int64) -> Value
  ) -> Value {
    switch (evaluate(left, activity), evaluate(right, activity)) {
    case (.number(let first), .number(let second)): body(first, second)
    case (.unknown(let name), _), (_, .unknown(let name)): .unknown(name)
    default: .unknown("no numbers")
    }
  }

  private func compare(
    _ comparison: Expression.Comparison, _ left: Expression, _ right: Expression, _ activity: SampleActivity
  ) -> Value {
    let (first, second) = (evaluate(left, activity), evaluate(right, activity))
    if let name = first.missing ?? second.missing { return .unknown(name) }
    switch comparison {
    case .equal: return .boolean(first == second)
    case .notEqual: return .boolean(first != second)
    case .less: return combine(left, right, activity) { .boolean($0 < $1) }
    case .lessOrEqual: return combine(left, right, activity) { .boolean($0 <= $1) }
    case .greater: return combine(left, right, activity) { .boolean($0 > $1) }
    case .greaterOrEqual: return combine(left, right, activity) { .boolean($0 >= $1) }
    }
  }

  private func between(
    _ value: Expression, _ low: Expression, _ high: Expression, _ activity: SampleActivity
  ) -> Value {
    guard case .number(let from) = evaluate(low, activity), case .number(let to) = evaluate(high, activity) else {
      return .unknown("bounds")
    }
    switch evaluate(value, activity) {
    case .number(let number):
      return .boolean(from <= to ? number >= from && number <= to : number >= from || number <= to)
    case let other: return other
    }
  }

  private func member(
    _ value: Expression, _ collection: Expression.Collection, _ activity: SampleActivity
  ) -> Value {
    let found = evaluate(value, activity)
    if found.missing != nil { return found }
    let elements: [Expression]
    switch collection {
    case .named(let name): elements = lists[name.text] ?? []
    case .elements(let inline, _): elements = inline
    }
    return .boolean(elements.contains { evaluate($0, activity) == found })
  }

  private func match(
    _ test: Expression.TextTest, _ value: Expression, _ pattern: Expression, _ activity: SampleActivity
  ) -> Value {
    guard case .text(let text) = evaluate(value, activity), case .text(let part) = evaluate(pattern, activity) else {
      return evaluate(value, activity)
    }
    switch test {
    case .startsWith: return .boolean(text.hasPrefix(part))
    case .endsWith: return .boolean(text.hasSuffix(part))
    case .contains: return .boolean(text.contains(part))
    case .matches: return .boolean(glob(Array(part), Array(text)))
    }
  }

  /// By trying everything.
  private func glob(_ pattern: [Character], _ text: [Character]) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "*" { return (0...text.count).contains { glob(rest, Array(text.dropFirst($0))) } }
    return !text.isEmpty && (first == "?" || first == text[0]) && glob(rest, Array(text.dropFirst()))
  }

  // MARK: - Observations

  /// The counters that a condition compares with constants, each with each once, that have a value.
  private func observe(_ condition: Expression, _ activity: SampleActivity) -> [Observation] {
    var seen: [Observation] = []
    for comparison in comparisons(condition) {
      guard case .number(let threshold) = evaluate(comparison.threshold, activity) else { continue }
      let (name, window, value): (String, Int64, Value)
      switch comparison.value.kind {
      case .reading(let counter, let span, _):
        (name, window, value) = (counter.text, span, read(counter.text, span, activity))
      case .customerIsLocked: (name, window, value) = ("customer.lock", Self.longestLock, lockRemaining(activity))
      default: continue
      }
      guard case .number(let number) = value else { continue }
      let new = Observation(counter: name, window: window, threshold: threshold, value: number)
      if !seen.contains(new) { seen.append(new) }
    }
    return seen
  }

  /// What is compared with what, in the order in which it is written.
  private func comparisons(_ expression: Expression) -> [(value: Expression, threshold: Expression)] {
    switch expression.kind {
    case .name(let name): definitions[name].map { comparisons($0) } ?? []
    case .not(let inner): comparisons(inner)
    case .all(let parts), .any(let parts): parts.flatMap { comparisons($0) }
    case .comparison(_, let left, let right): isConstant(right) ? [(left, right)] : []
    case .between(let value, let low, let high): [(value, low), (value, high)]
    case .customerIsLocked: [(expression, Expression(kind: .literal(.integer(0)), span: expression.span))]
    default: []
    }
  }

  private func isConstant(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .literal: true
    case .negated(let inner): isConstant(inner)
    default: false
    }
  }

  // MARK: - Locks

  private static let longestLock: Int64 = 400 * 86_400_000

  /// What is left of the customer's newest lock; 0 when they were unlocked since.
  private func lockRemaining(_ activity: SampleActivity) -> Value {
    let customer = field("customer_id", activity)
    if customer.missing != nil { return customer }
    guard let lock = newestLock(activity) else { return .number(0) }
    return .number(max(0, lock.length - max(0, activity.time - lock.start)))
  }

  private func newestLock(_ activity: SampleActivity) -> (start: Int64, length: Int64)? {
    let customer = field("customer_id", activity)
    let changes = history.filter { event in
      ["customer.lock", "customer.unlock"].contains(event.kind) && field("customer_id", event) == customer
        && field("was_successful", event) != .boolean(false)
    }
    guard let time = changes.map(\.time).max(), let newest = changes.last(where: { $0.time == time }),
      newest.kind == "customer.lock"
    else { return nil }
    guard case .text(let text)? = newest.fields["attributes.lock_customer_ms"], let length = Int64(text) else {
      return (time, Self.longestLock)
    }
    return (time, length)
  }

  /// When the lock under way began, or when it ends.
  private func lockBound(isEnd: Bool, _ activity: SampleActivity) -> Value {
    let remaining = lockRemaining(activity)
    if remaining.missing != nil { return remaining }
    guard remaining != .number(0), let lock = newestLock(activity) else { return .unknown("customer.lock") }
    return .number(isEnd ? lock.start + lock.length : lock.start)
  }

  // MARK: - Counters

  private func read(_ name: String, _ window: Int64, _ activity: SampleActivity) -> Value {
    guard let counter = counters[name] else { return .unknown("no counter") }
    let keys = counter.groups.map { field($0.field.text, activity) }
    if let missing = keys.first(where: { $0.missing != nil })?.missing { return .unknown(missing) }
    let counts = isCounted(activity, counter)
    if counts, !counter.aggregate.looksBack, let value = counter.value,
      let missing = field(value.field.text, activity).missing
    {
      return .unknown(missing)
    }
    let before = history.filter { event in
      isCounted(event, counter) && keys == counter.groups.map { field($0.field.text, event) }
        && (counter.value.map { field($0.field.text, event).missing == nil } ?? true)
    }
    let end = max(activity.time, before.map(\.time).max() ?? .min)
    var inside = before + (counts && !counter.aggregate.looksBack ? [activity] : [])
    inside = inside.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
      .filter { $0.time > end - window }
    let values = inside.compactMap { event in counter.value.map { field($0.field.text, event) } }
    return aggregate(counter.aggregate, inside, values, activity, name)
  }

  private func isCounted(_ activity: SampleActivity, _ counter: CounterDeclaration.Body) -> Bool {
    applies(counter.kinds, activity.kind) && (counter.filter.map { evaluate($0, activity) == .boolean(true) } ?? true)
  }

  private func aggregate(
    _ aggregate: Aggregate, _ inside: [SampleActivity], _ values: [Value], _ activity: SampleActivity, _ name: String
  ) -> Value {
    let numbers = values.compactMap { if case .number(let number) = $0 { number } else { nil } }
    switch aggregate {
    case .count, .rate: return .number(Int64(inside.count))
    case .distinct: return .number(Int64(Set(values).count))
    case .sum: return .number(numbers.reduce(0, +))
    case .average:
      guard !numbers.isEmpty else { return .unknown(name) }
      return .number(Int64((Double(numbers.reduce(0, +)) / Double(numbers.count)).rounded(.toNearestOrAwayFromZero)))
    case .min: return numbers.min().map { .number($0) } ?? .unknown(name)
    case .max: return numbers.max().map { .number($0) } ?? .unknown(name)
    case .first: return values.first ?? .unknown(name)
    case .last: return values.last ?? .unknown(name)
    case .timeSince: return inside.last.map { .number(max(0, activity.time - $0.time)) } ?? .unknown(name)
    }
  }
}
