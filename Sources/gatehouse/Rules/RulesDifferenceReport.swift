import Arguments
import ProtoJSON
import Rules

/// What changes from one rule set to another, for people and for programs.
struct RulesDifferenceReport {
  /// One thing that changes, or a counter that stays.
  struct Entry: Equatable {
    enum Mark: String {
      case added = "+"
      case removed = "-"
      case changed = "~"
      case kept = "="
    }

    let mark: Mark
    /// `rule`, `counter` or `list`.
    let what: String
    let name: String
    /// What becomes of it, in words.
    let fate: String
    /// What goes away and what comes, a line each.
    var removed: [String] = []
    var added: [String] = []
    /// What programs get besides.
    var details: [JSONValue.Member] = []
  }

  let entries: [Entry]
  /// Nothing changes in meaning.
  let isEmpty: Bool
  let summary: String

  init(from old: RuleSet, to new: RuleSet) {
    let difference = RuleSetDifference(from: old, to: new)
    isEmpty = difference.isEmpty
    let rules = difference.rules.map(Entry.init)
    let lists = difference.lists.map(Entry.init)
    let counters = difference.counters.map { Entry($0, in: new) }
    let touched = Set(counters.filter { $0.mark != .removed }.map(\.name))
    let kept = new.counters.indices.filter { !touched.contains(new.counters[$0].name) }.map { Entry(kept: $0, in: new) }
    entries = rules + lists + counters + kept
    summary = Self.summary(rules, lists, counters + kept)
  }

  /// Every change as data: an object each for programs, lines for people.
  func print(_ arguments: ParsedArguments, _ console: Console) throws(CommandFailure) {
    for entry in entries {
      let lines = arguments[GatehouseProgram.json] ? [entry.json.text] : entry.lines(console.data)
      try console.print(lines)
    }
  }

  private static func summary(_ rules: [Entry], _ lists: [Entry], _ counters: [Entry]) -> String {
    let counts: [(Entry.Mark, String)] = [(.added, "added"), (.removed, "removed"), (.changed, "changed")]
    func said(_ entries: [Entry], _ noun: String) -> String {
      let parts = counts.compactMap { mark, word in
        let count = entries.count { $0.mark == mark }
        return count == 0 ? nil : "\(count) \(word)"
      }
      return "\(noun): \(parts.isEmpty ? "no change" : parts.joined(separator: ", "))"
    }
    let kept = counters.count { $0.mark == .kept || $0.mark == .changed }
    return [said(rules, "rules"), said(lists, "lists"), said(counters, "counters")].joined(separator: "; ")
      + "; \(kept) of \(counters.count { $0.mark != .removed }) counters keep their windows"
  }
}

extension RulesDifferenceReport.Entry {
  /// A line that says it, and indented below what goes and what comes.
  func lines(_ style: Style) -> [String] {
    let head = "\(mark.rawValue) \(what) \(name)\(fate.isEmpty ? "" : ": \(fate)")"
    return [dressed(head, style)]
      + removed.map { style.red("    - \($0)") } + added.map { style.green("    + \($0)") }
  }

  /// `{"what":"rule","name":…,"change":"changed","removed":[…],"added":[…]}`; of a counter, `windows_ms` and
  /// `warm_after_ms` (0: it tells the truth at once).
  var json: JSONValue {
    let change =
      switch mark {
      case .added: "added"
      case .removed: "removed"
      case .changed: "changed"
      case .kept: "kept"
      }
    let lines: [JSONValue.Member] = [
      .init("removed", .array(removed.map { .string($0) })), .init("added", .array(added.map { .string($0) })),
    ]
    let head: [JSONValue.Member] = [
      .init("what", .string(what)), .init("name", .string(name)), .init("change", .string(change)),
    ]
    return .object(head + (what == "rule" ? lines : []) + details)
  }

  private func dressed(_ text: String, _ style: Style) -> String {
    switch mark {
    case .added: style.green(text)
    case .removed: style.red(text)
    case .changed: style.yellow(text)
    case .kept: text
    }
  }

  init(_ change: RuleSetDifference.RuleChange) {
    switch change {
    case .added(let name, let text): self.init(mark: .added, what: "rule", name: name, fate: "", added: clauses(text))
    case .removed(let name, let text):
      self.init(mark: .removed, what: "rule", name: name, fate: "", removed: clauses(text))
    case .changed(let name, let old, let new):
      let (before, after) = (clauses(old), clauses(new))
      self.init(
        mark: .changed, what: "rule", name: name, fate: "", removed: before.filter { !after.contains($0) },
        added: after.filter { !before.contains($0) })
    }
  }

  init(_ change: RuleSetDifference.ListChange) {
    switch change {
    case .added(let name, let count): self.init(list: name, .added, Self.elements(count), from: nil, to: count)
    case .removed(let name, let count): self.init(list: name, .removed, Self.elements(count), from: count, to: nil)
    case .changed(let name, let old, let new):
      self.init(list: name, .changed, "\(Self.elements(new)) in place of \(old)", from: old, to: new)
    }
  }

  private static func elements(_ count: Int) -> String { Quantity.of(count, "element", "elements") }

  private init(list name: String, _ mark: Mark, _ fate: String, from old: Int?, to new: Int?) {
    self.init(
      mark: mark, what: "list", name: name, fate: fate,
      details: [
        .init("old_count", old.map { .number(String($0)) } ?? .null),
        .init("new_count", new.map { .number(String($0)) } ?? .null),
      ])
  }

  init(_ change: RuleSetDifference.CounterChange, in rules: RuleSet) {
    switch change {
    case .added(let name, _, let warm):
      let after = Duration.windowText(milliseconds: warm)
      self.init(counter: name, .added, "begins empty, warm after \(after)", rules, warm)
    case .removed(let name, _): self.init(counter: name, .removed, "its windows are dropped", rules, nil)
    case .widened(let name, _, let warm):
      let after = Duration.windowText(milliseconds: warm)
      self.init(counter: name, .changed, "keeps its windows, but must hold more: warm after \(after)", rules, warm)
    case .narrowed(let name, _):
      self.init(counter: name, .changed, "keeps its windows, and holds less", rules, 0)
    }
  }

  init(kept counter: Int, in rules: RuleSet) {
    self.init(counter: rules.counters[counter].name, .kept, "keeps its windows", rules, 0)
  }

  private init(counter name: String, _ mark: Mark, _ fate: String, _ rules: RuleSet, _ warmAfter: Int64?) {
    let index = mark == .removed ? nil : rules.counters.firstIndex { $0.name == name }
    let windows = index.map { rules.windowsMilliseconds(ofCounter: $0) } ?? []
    let texts = windows.map { Duration.windowText(milliseconds: $0) }.joined(separator: ", ")
    self.init(
      mark: mark, what: "counter", name: name, fate: texts.isEmpty ? fate : "\(fate) (over \(texts))",
      details: [
        .init("windows_ms", .array(windows.map { .number(String($0)) })),
        .init("warm_after_ms", warmAfter.map { .number(String($0)) } ?? .null),
      ])
  }
}

/// The lines of a rule's canonical text below its name.
private func clauses(_ text: String) -> [String] {
  text.split(separator: "\n").dropFirst().map { String($0.drop { $0 == " " }) }
}
