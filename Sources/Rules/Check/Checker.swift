import Spelling

/// Settles names and types. Each declaration is checked once, on its first use or in its turn; what could not be settled
/// has the type `unknown`, which fits everywhere, so that one mistake is one error.
struct Checker {
  /// What a name stands for.
  enum Symbol {
    case list(Int)
    case counter(Int)
    case definition(Int)
    case rule
  }

  enum Progress {
    case waiting
    case underWay
    case done(Value)
  }

  let loader: ListLoader
  var diagnostics = DiagnosticList()
  var symbols: [String: Symbol] = [:]
  var checked = CheckedFile()

  let lists: [ListDeclaration]
  let counters: [CounterDeclaration]
  let definitions: [Definition]
  let rules: [RuleDeclaration]

  /// Settled lists by declaration; `nil` inside when broken.
  var listIndices: [Int: Int?] = [:]
  /// Settled counters by declaration; `nil` inside when broken.
  var counterIndices: [Int: Int?] = [:]
  var progress: [Progress]
  /// How large each definition is once the definitions that it names are put in place.
  var definitionSizes: [ExpressionSize]
  /// The same of the expression being checked. Names double sizes at will, so they are counted before they are built.
  var size = ExpressionSize()
  /// The parts of all rules and filters so far.
  var totalParts = 0
  var patterns: Set<String> = []
  /// Lists that are written where they are used, so that equal ones are one.
  var inlineLists: [CheckedList: Int] = [:]
  /// What lists have that a field has not; `nil` inside when there is nothing.
  var foreignElements: [ListUse: String?] = [:]
  /// How deep in the expression being checked.
  var level = 0
  var used: Set<String> = []
  /// A counter's filter is being checked: no counters inside.
  var isInFilter = false

  /// The declarations with names and types settled, and every mistake in them.
  static func check(_ declarations: [Declaration], loader: ListLoader) -> (CheckedFile, DiagnosticList) {
    var checker = Checker(declarations, loader: loader)
    checker.declareAll(declarations)
    checker.checkAll()
    return (checker.checked, checker.diagnostics)
  }

  private init(_ declarations: [Declaration], loader: ListLoader) {
    self.loader = loader
    lists = declarations.compactMap { if case .list(let list) = $0 { list } else { nil } }
    counters = declarations.compactMap { if case .counter(let counter) = $0 { counter } else { nil } }
    definitions = declarations.compactMap { if case .definition(let definition) = $0 { definition } else { nil } }
    rules = declarations.compactMap { if case .rule(let rule) = $0 { rule } else { nil } }
    progress = Array(repeating: .waiting, count: definitions.count)
    definitionSizes = Array(repeating: ExpressionSize(), count: definitions.count)
  }

  /// Gives every declaration its name, before any is looked into: order does not matter.
  private mutating func declareAll(_ declarations: [Declaration]) {
    var (lists, counters, definitions) = (0, 0, 0)
    for declaration in declarations {
      let symbol: Symbol
      switch declaration {
      case .list: (symbol, lists) = (.list(lists), lists + 1)
      case .counter: (symbol, counters) = (.counter(counters), counters + 1)
      case .definition: (symbol, definitions) = (.definition(definitions), definitions + 1)
      case .rule: symbol = .rule
      }
      let name = declaration.name
      if symbols[name.text] == nil {
        symbols[name.text] = symbol
      } else {
        diagnostics.report(
          .duplicateName, "`\(name.text)` is declared twice", name.span, "this name is taken",
          help: "lists, counters, conditions and rules share one set of names")
      }
    }
    bound(self.lists.map(\.name), Limits.maxLists, "lists")
    bound(self.counters.map(\.name), Limits.maxCounters, "counters")
    bound(self.definitions.map(\.name), Limits.maxDefinitions, "named conditions")
    bound(rules.map(\.name), Limits.maxRules, "rules")
  }

  private mutating func bound(_ names: [Name], _ limit: Int, _ what: String) {
    guard names.count > limit else { return }
    diagnostics.report(.tooMany, "\(names.count) \(what)", names[limit].span, "at most \(limit) \(what)")
  }

  private mutating func checkAll() {
    for index in lists.indices { _ = list(index) }
    for index in counters.indices { _ = counter(index) }
    for index in definitions.indices { _ = definition(index) }
    for rule in rules where !diagnostics.isFull { check(rule) }
    for name in lists.map(\.name) + counters.map(\.name) + definitions.map(\.name) where !used.contains(name.text) {
      diagnostics.report(.unused, "`\(name.text)` is never used", name.span, "no rule needs it")
    }
  }

  /// Adds what was just checked to the whole; false when the file has become too large with its names in place.
  mutating func fits(_ span: SourceSpan) -> Bool {
    let wasFitting = totalParts <= Limits.maxPartsInPlace
    totalParts += size.parts
    let isFitting = totalParts <= Limits.maxPartsInPlace
    if wasFitting, !isFitting {
      diagnostics.report(
        .tooComplex, "the file is too large", span,
        "more than \(Limits.maxPartsInPlace) parts with named conditions in place")
    }
    return isFitting
  }

  // MARK: - Names

  mutating func definition(_ index: Int) -> Value {
    switch progress[index] {
    case .done(let value): return value
    case .underWay:
      diagnostics.report(
        .circularDefinition, "`\(definitions[index].name.text)` is defined by itself", definitions[index].name.span,
        "its definition leads back here")
      return .failed
    case .waiting:
      progress[index] = .underWay
      let outer = (size, isInFilter)
      (size, isInFilter) = (ExpressionSize(), false)
      let start = level
      let value = definitions[index].value.map { self.value($0) } ?? .failed
      definitionSizes[index] = ExpressionSize(parts: size.parts, depth: size.depth - start)
      (size, isInFilter) = outer
      progress[index] = .done(value)
      return value
    }
  }

  /// The slot and type of a field or attribute; reports a name that is neither.
  mutating func field(_ name: Name) -> (slot: Int, type: ValueType)? {
    if let field = Field(name: name.text) { return (field.rawValue, field.type) }
    if name.text.hasPrefix("attributes.") {
      return attribute(String(name.text.dropFirst("attributes.".count)), name.span).map { ($0, .text) }
    }
    if symbols[name.text] != nil {
      diagnostics.report(
        .typeMismatch, "`\(name.text)` is no field", name.span, "expected a field of the activity")
    } else {
      reportUnknown(name, among: Field.allCases.map(\.name), what: "field")
    }
    return nil
  }

  mutating func attribute(_ key: String, _ span: SourceSpan) -> Int? {
    if let index = checked.attributes.firstIndex(of: key) { return Field.count + index }
    guard key.utf8.count <= 64, key.utf8.allSatisfy({ $0.isDigit || $0 == 0x2E || $0 == 0x5F || $0.isLowerLetter })
    else {
      diagnostics.report(
        .malformedName, "`\(key.prefix(80))` is no attribute's key", span,
        "keys are at most 64 of a-z, 0-9, _ and .")
      return nil
    }
    guard checked.attributes.count < Limits.maxAttributes else {
      diagnostics.report(.tooMany, "too many attributes", span, "at most \(Limits.maxAttributes) in one file")
      return nil
    }
    checked.attributes.append(key)
    return Field.count + checked.attributes.count - 1
  }

  mutating func reportUnknown(_ name: Name, among candidates: [String], what: String) {
    // Looking for what may be meant is the dearest part of an error: not for those that nobody will see.
    guard !diagnostics.isFull else { return }
    let near = nearest(to: name.text, among: candidates)
    diagnostics.report(
      .unknownName, "there is no \(what) `\(name.text.prefix(80))`", name.span, "not known",
      help: near.map { "did you mean \($0)?" })
  }
}

extension UInt8 {
  var isLowerLetter: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
}
