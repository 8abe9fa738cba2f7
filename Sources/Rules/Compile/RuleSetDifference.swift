import Windows

/// What changes when one rule set takes another's place.
public struct RuleSetDifference: Hashable, Sendable {
  /// What happens to a rule.
  public enum RuleChange: Hashable, Sendable {
    case added(name: String, text: String)
    case removed(name: String, text: String)
    case changed(name: String, from: String, to: String)
  }

  /// What happens to a counter's windows.
  public enum CounterChange: Hashable, Sendable {
    /// It begins empty, and tells the truth only after its longest window.
    case added(name: String, definition: String, warmAfterMilliseconds: Int64)
    /// Its windows are dropped.
    case removed(name: String, definition: String)
    /// Its windows are kept but must hold more, or over a longer time: what is missing comes with time.
    case widened(name: String, definition: String, warmAfterMilliseconds: Int64)
    /// Its windows are kept, and need hold less.
    case narrowed(name: String, definition: String)
  }

  /// What happens to a named list.
  public enum ListChange: Hashable, Sendable {
    case added(name: String, count: Int)
    case removed(name: String, count: Int)
    /// Its elements are others, or stand in another order.
    case changed(name: String, from: Int, to: Int)
  }

  /// In the order of the new file, then what is gone in that of the old one.
  public let rules: [RuleChange]
  public let counters: [CounterChange]
  public let lists: [ListChange]

  /// Nothing changes but layout, comments, and what no rule needs.
  public var isEmpty: Bool { rules.isEmpty && counters.isEmpty && lists.isEmpty }

  public init(from old: RuleSet, to new: RuleSet) {
    let before = Dictionary(old.rules.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(new.rules.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    rules =
      new.rules.compactMap { rule in
        guard let known = before[rule.name] else { return .added(name: rule.name, text: rule.definition) }
        guard known.definition != rule.definition else { return nil }
        return .changed(name: rule.name, from: known.definition, to: rule.definition)
      }
      + old.rules.filter { after[$0.name] == nil }.map { .removed(name: $0.name, text: $0.definition) }
    let kept = Dictionary(old.counters.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
    let wanted = Set(new.counters.map(\.identity))
    counters =
      new.counters.compactMap { Self.change(of: $0, from: kept[$0.identity]) }
      + old.counters.filter { !wanted.contains($0.identity) }
      .map { .removed(name: $0.name, definition: $0.definition) }
    lists = Self.listChanges(from: old, to: new)
  }

  private static func listChanges(from old: RuleSet, to new: RuleSet) -> [ListChange] {
    let before = Dictionary(old.lists.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let names = Set(new.lists.map(\.name))
    return new.lists.compactMap { list in
      guard let known = before[list.name] else { return .added(name: list.name, count: list.count) }
      return known == list ? nil : .changed(name: list.name, from: known.count, to: list.count)
    } + old.lists.filter { !names.contains($0.name) }.map { .removed(name: $0.name, count: $0.count) }
  }

  private static func change(of counter: CounterPlan, from known: CounterPlan?) -> CounterChange? {
    let span = counter.shape.longestSpanMilliseconds
    guard let known else {
      return .added(name: counter.name, definition: counter.definition, warmAfterMilliseconds: span)
    }
    let (old, new) = (known.shape, counter.shape)
    if new.longestSpanMilliseconds > old.longestSpanMilliseconds || new.capacity > old.capacity {
      // What is as old as the old window is there, unless it went because there was no room.
      let isWhole = new.capacity <= old.capacity
      let warmAfter = isWhole ? span - old.longestSpanMilliseconds : span
      return .widened(name: counter.name, definition: counter.definition, warmAfterMilliseconds: warmAfter)
    }
    return old == new ? nil : .narrowed(name: counter.name, definition: counter.definition)
  }
}
