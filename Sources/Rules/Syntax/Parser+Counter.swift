extension Parser {
  mutating func counter() throws(Failure) -> CounterDeclaration {
    advance()
    let name = try newName(of: "counter")
    do throws(Failure) {
      try expect(.assign, "`=`")
      return CounterDeclaration(name: name, body: try counterBody())
    } catch {
      skip()
      return CounterDeclaration(name: name, body: nil)
    }
  }

  private mutating func counterBody() throws(Failure) -> CounterDeclaration.Body {
    let aggregate = try aggregate()
    let value = aggregate.takesValue ? try keyPart() : nil
    if aggregate != .timeSince {
      try expect(word: "of", help: aggregate.takesValue ? nil : "write: count of order.create by customer_id")
    }
    let kinds = try kinds()
    let filter = accept(word: "where") ? try wholeExpression() : nil
    try expect(word: "by", help: "say by which field to count, for example: by customer_id")
    var groups: [KeyPartSyntax] = []
    repeat { groups.append(try keyPart()) } while accept(.comma)
    if groups.count > Limits.maxGroupFields {
      diagnostics.report(
        .tooMany, "too many fields to group by", groups[Limits.maxGroupFields].span,
        "at most \(Limits.maxGroupFields)")
    }
    return CounterDeclaration.Body(aggregate: aggregate, value: value, kinds: kinds, filter: filter, groups: groups)
  }

  private mutating func aggregate() throws(Failure) -> Aggregate {
    let names = Aggregate.allCases.map(\.rawValue)
    if word == "time", wordAhead(1) == "since" {
      advance()
      advance()
      return .timeSince
    }
    guard let word, let aggregate = Aggregate(rawValue: word) else {
      throw unexpected("one of \(names.joined(separator: ", "))", help: nearestWord(Set(names)))
    }
    advance()
    return aggregate
  }

  /// `card.fingerprint`, `client_ip/24`, `domain of attributes.email`.
  mutating func keyPart() throws(Failure) -> KeyPartSyntax {
    let start = current.span.start
    if accept(word: "domain") {
      try expect(word: "of")
      let field = try anyWord("a field")
      return KeyPartSyntax(field: field, derivation: .domain, span: span(from: start))
    }
    let field = try anyWord("a field")
    guard accept(.slash) else { return KeyPartSyntax(field: field, derivation: .none, span: field.span) }
    guard current.kind == .number, case .success(.integer(let bits)) = NumberLiteral.parse(file.text(current.span))
    else { throw unexpected("a number of bits", help: "for example client_ip/24") }
    advance()
    return KeyPartSyntax(field: field, derivation: .prefix(bits), span: span(from: start))
  }
}
