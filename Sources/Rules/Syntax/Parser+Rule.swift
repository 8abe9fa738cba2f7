import Spelling

extension Parser {
  mutating func rule() throws(Failure) -> RuleDeclaration {
    advance()
    var rule = RuleDeclaration(name: try newName(of: "rule"))
    var seen: Set<String> = []
    // Clauses that are there, but could not be read for a mistake that was reported.
    var spoiled: Set<String> = []
    var lastClause: String?
    while current.kind != .endOfFile, !beginsDeclaration {
      guard let word, Self.clauseWords.contains(word) else {
        // What was read of the condition is not what was meant.
        if lastClause == "when" { rule.condition = nil }
        _ = unexpected("a clause of the rule: `on`, `when`, `then`, `otherwise`…", help: clauseHelp)
        if let meant = word.flatMap({ nearest(to: $0, among: Self.clauseWords) }) { spoiled.insert(meant) }
        spoiled.formUnion(skip(to: Self.clauseWords))
        continue
      }
      lastClause = word
      if !seen.insert(word).inserted {
        diagnostics.report(.repeatedClause, "a second `\(word)`", current.span, "this clause was given already")
      }
      rule.clauseStarts[word] = rule.clauseStarts[word] ?? current.span.start
      do throws(Failure) {
        try clause(word, of: &rule)
      } catch {
        spoiled.formUnion(skip(to: Self.clauseWords))
      }
    }
    reportMissing(clausesOf: rule, seen: seen.union(spoiled))
    return rule
  }

  private var clauseHelp: String? {
    current.kind == .assign ? "write == to compare" : nearestWord(Self.clauseWords)
  }

  private mutating func reportMissing(clausesOf rule: RuleDeclaration, seen: Set<String>) {
    let examples = ["on": "on order.create", "when": "when cvv_failures over 24h > 3", "then": "then friction"]
    let missing = ["on", "when", "then"].filter { !seen.contains($0) }
    guard !missing.isEmpty else { return }
    diagnostics.report(
      .missingClause, "rule `\(rule.name.text)` is not complete", rule.name.span,
      "it has no \(missing.map { "`\($0)`" }.joined(separator: " and no "))",
      help: "for example: " + missing.compactMap { examples[$0] }.joined(separator: " "))
  }

  private mutating func clause(_ word: String, of rule: inout RuleDeclaration) throws(Failure) {
    advance()
    switch word {
    case "on": rule.kinds = try kinds()
    case "when": rule.condition = try wholeExpression()
    case "then": rule.consequence = try consequence()
    case "otherwise": rule.otherwise = accept(word: "nothing") ? .nothing : .fires(try consequence())
    case "mode": rule.mode = try mode()
    case "tags": rule.tags = try tags()
    case "score": rule.score = try score()
    default: rule.severity = try oneOf(RuleSeverity.allCases, "a severity")
    }
  }

  /// `EFFECT ["MESSAGE"] {and ACTION}`, or actions alone.
  private mutating func consequence() throws(Failure) -> RuleDeclaration.Consequence {
    if word == "lock" || word == "open" {
      return RuleDeclaration.Consequence(effect: .none, message: nil, actions: try actions())
    }
    let keywords = Effect.allCases.compactMap(\.keyword)
    guard let word else { throw unexpected("an effect: \(keywords.joined(separator: ", "))") }
    guard let effect = Effect(keyword: word) else {
      diagnostics.report(
        .unknownEffect, "there is no effect `\(word.prefix(80))`", current.span,
        "expected \(keywords.joined(separator: ", "))",
        help: nearest(to: word, among: keywords).map { "did you mean \($0)?" })
      throw Failure()
    }
    advance()
    var consequence = RuleDeclaration.Consequence(effect: effect)
    if current.kind == .text { consequence.message = try message() }
    if accept(word: "and") { consequence.actions = try actions() }
    return consequence
  }

  private mutating func actions() throws(Failure) -> [RuleAction] {
    var actions: [RuleAction] = []
    repeat {
      if accept(word: "open") {
        try expect(word: "case", help: "write: open case")
        actions.append(.openCase)
      } else {
        try expect(word: "lock", help: "actions are `lock customer for 1h` and `open case`")
        try expect(word: "customer", help: "write: lock customer for 1h")
        try expect(word: "for", help: "write: lock customer for 1h")
        actions.append(.lockCustomer(milliseconds: try duration(upTo: Limits.maxWindowMilliseconds)))
      }
      if actions.count > Limits.maxActions {
        diagnostics.report(
          .tooMany, "too many actions", tokens[index - 1].span, "at most \(Limits.maxActions) a rule")
        throw Failure()
      }
    } while accept(word: "and")
    return actions
  }

  private mutating func duration(upTo limit: Int64) throws(Failure) -> Int64 {
    let span = current.span
    guard current.kind == .number, case .success(.duration(let value)) = NumberLiteral.parse(file.text(span)) else {
      throw unexpected("a duration", help: "for example 1h; units are s, m, h, d, w")
    }
    advance()
    if !(1...limit).contains(value) {
      diagnostics.report(
        .valueOutOfRange, "\(file.text(span)) is too long or nothing", span,
        "expected up to \(Literal.duration(limit))")
    }
    return value
  }

  /// `off`, `shadow`, `live`, or `live for 10% by customer_id`.
  private mutating func mode() throws(Failure) -> RuleDeclaration.Mode {
    let mode = try oneOf(RuleMode.allCases, "a mode")
    guard mode == .live, accept(word: "for") else { return RuleDeclaration.Mode(mode: mode) }
    let span = current.span
    guard current.kind == .number, case .success(.share(let share)) = NumberLiteral.parse(file.text(span)) else {
      throw unexpected("a share", help: "write: mode live for 10% by customer_id")
    }
    advance()
    if !(0...10_000).contains(share) {
      diagnostics.report(.valueOutOfRange, "a share of more than all", span, "expected 0% to 100%")
    }
    try expect(word: "by", help: "say by which field to choose: by customer_id")
    return RuleDeclaration.Mode(mode: mode, share: share, key: try keyPart())
  }

  private mutating func tags() throws(Failure) -> [Name] {
    var tags: [Name] = []
    repeat { tags.append(try text("a tag")) } while accept(.comma)
    if tags.count > Limits.maxTags {
      diagnostics.report(.tooMany, "too many tags", tags[Limits.maxTags].span, "at most \(Limits.maxTags) a rule")
    }
    return tags
  }

  private mutating func score() throws(Failure) -> Int64 {
    let start = current.span.start
    let isNegative = accept(.minus)
    guard current.kind == .number, case .success(.integer(let score)) = NumberLiteral.parse(file.text(current.span))
    else { throw unexpected("a whole number") }
    advance()
    if score > Limits.maxScore {
      diagnostics.report(
        .valueOutOfRange, "a score of \(score)", span(from: start), "expected -\(Limits.maxScore) to \(Limits.maxScore)"
      )
    }
    return isNegative ? -score : score
  }

  private mutating func oneOf<Choice: RawRepresentable<String>>(
    _ choices: [Choice], _ what: String
  ) throws(Failure) -> Choice {
    let words = choices.map(\.rawValue)
    guard let word, let choice = Choice(rawValue: word) else {
      throw unexpected("\(what): \(words.joined(separator: ", "))", help: nearestWord(Set(words)))
    }
    advance()
    return choice
  }
}

extension Effect {
  init?(keyword: String) {
    guard let effect = Effect.allCases.first(where: { $0.keyword == keyword }) else { return nil }
    self = effect
  }
}
