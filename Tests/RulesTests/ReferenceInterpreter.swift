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

  /// Fired rules (with `!` behind those that fired by their `otherwise`) in order, and `RULE FIELD` for what was unknown.
  mutating func judge(_ activity: SampleActivity) -> (fired: [String], unevaluated: Set<String>) {
    var fired: [(effect: Effect, index: Int, name: String)] = []
    var unevaluated: Set<String> = []
    for (index, rule) in rules.enumerated() where applies(rule.kinds, activity.kind) {
      guard let condition = rule.condition, let consequence = rule.consequence else { continue }
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
    return (ordered.map(\.name), unevaluated)
  }

  /// What an expression comes to for an activity that is not judged yet.
  func value(_ text: String, _ activity: SampleActivity) -> Value {
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
