extension Parser {
  mutating func rule() throws(Failure) -> RuleDeclaration {
    advance()
    var rule = RuleDeclaration(name: try newName(of: "rule"))
    var seen: Set<String> = []
    while current.kind != .endOfFile, !beginsDeclaration {
      guard let word, Self.clauseWords.contains(word) else {
        _ = unexpected("`on`, `when`, `then` or `otherwise`", help: nearestWord(Self.clauseWords))
        skip(to: Self.clauseWords)
        continue
      }
      if !seen.insert(word).inserted {
        diagnostics.report(.repeatedClause, "a second `\(word)`", current.span, "this clause was given already")
      }
      do throws(Failure) {
        try clause(word, of: &rule)
      } catch {
        skip(to: Self.clauseWords)
      }
    }
    reportMissing(clausesOf: rule, seen: seen)
    return rule
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
    default: rule.otherwise = accept(word: "nothing") ? .nothing : .fires(try consequence())
    }
  }

  private mutating func consequence() throws(Failure) -> RuleDeclaration.Consequence {
    let keywords = Effect.allCases.compactMap(\.keyword)
    guard let word else { throw unexpected("an effect: \(keywords.joined(separator: ", "))") }
    guard let effect = Effect(keyword: word) else {
      diagnostics.report(
        .unknownEffect, "there is no effect `\(word)`", current.span, "expected \(keywords.joined(separator: ", "))",
        help: EditDistance.nearest(to: word, among: keywords).map { "did you mean \($0)?" })
      throw Failure()
    }
    advance()
    let message = current.kind == .text ? try text("a message") : nil
    return RuleDeclaration.Consequence(effect: effect, message: message)
  }
}

extension Effect {
  init?(keyword: String) {
    guard let effect = Effect.allCases.first(where: { $0.keyword == keyword }) else { return nil }
    self = effect
  }
}
