extension Checker {
  /// The settled counter of declaration `index`, or nothing when it is broken.
  mutating func counter(_ index: Int) -> Int? {
    if let known = counterIndices[index] { return known }
    counterIndices[index] = .some(nil)
    let settled = settle(counters[index])
    counterIndices[index] = .some(settled)
    return settled
  }

  private mutating func settle(_ declaration: CounterDeclaration) -> Int? {
    guard let body = declaration.body else { return nil }
    let groups = body.groups.map { keyPart($0) }
    let value = body.value.map { aggregated($0, by: body.aggregate) }
    var filter: Condition?
    if let expression = body.filter {
      isInFilter = true
      size = ExpressionSize()
      filter = condition(expression)
      isInFilter = false
      guard filter != nil, fits(declaration.name.span) else { return nil }
    }
    if let value, value.part == nil { return nil }
    guard groups.allSatisfy({ $0 != nil }) else { return nil }
    if value?.type == .money, !groups.contains(where: { $0?.slot == Field.amountCurrency.rawValue }) {
      diagnostics.report(
        .currencyNotGrouped, "amounts of different currencies cannot be put together",
        body.value?.span ?? declaration.name.span, "an amount of money",
        help: "add amount.currency to what it is grouped by")
      return nil
    }
    let definition = canonical(body)
    if let same = checked.counters.firstIndex(where: { $0.definition == definition }) {
      diagnostics.report(
        .sameCounter, "`\(declaration.name.text)` counts the same as `\(checked.counters[same].name)`",
        declaration.name.span, "they share one counter", help: "declare it once, and use it over any windows")
      return same
    }
    checked.counters.append(
      CheckedCounter(
        name: declaration.name.text, span: declaration.name.span, aggregate: body.aggregate,
        type: value?.type ?? body.aggregate.plainType,
        value: value?.part,
        kinds: Set(body.kinds.map(\.text)).sorted(), filter: filter, groups: groups.compactMap { $0 },
        definition: definition))
    return checked.counters.count - 1
  }

  /// Prints expressions with named conditions in place.
  var canonicalPrinter: ExpressionPrinter {
    ExpressionPrinter { [symbols, definitions] name in
      guard case .definition(let index)? = symbols[name] else { return nil }
      return definitions[index].value
    }
  }

  /// The definition with named conditions in place and kinds in order: equal for counters that are the same.
  private func canonical(_ body: CounterDeclaration.Body) -> String {
    var ordered = body
    var known: Set<String> = []
    ordered.kinds = body.kinds.filter { known.insert($0.text).inserted }.sorted { $0.text < $1.text }
    return DeclarationPrinter(expressions: canonicalPrinter).print(ordered)
  }

  /// The field whose values a counter takes, and the type of its readings.
  private mutating func aggregated(_ syntax: KeyPartSyntax, by aggregate: Aggregate) -> (
    part: KeyPart?, type: ValueType
  ) {
    if aggregate == .distinct { return (keyPart(syntax), .integer) }
    let remembers = aggregate == .first || aggregate == .last
    switch (syntax.field.text, syntax.derivation) {
    case ("amount", .none): return (KeyPart(slot: Field.amountMinorUnits.rawValue, derivation: .number), .money)
    case ("location", .none) where remembers:
      return (KeyPart(slot: Field.locationLatitude.rawValue, derivation: .place), .place)
    case ("home", .none) where remembers:
      return (KeyPart(slot: Field.homeLatitude.rawValue, derivation: .place), .place)
    default: break
    }
    guard let (slot, type) = field(syntax.field) else { return (nil, .unknown) }
    switch (type, syntax.derivation) {
    case (.integer, .none): return (KeyPart(slot: slot, derivation: .number), .integer)
    case (.time, .none) where aggregate != .sum && aggregate != .average:
      return (KeyPart(slot: slot, derivation: .number), .time)
    case (.choice, .none) where remembers: return (KeyPart(slot: slot, derivation: .number), type)
    case (.text, _) where remembers: return (keyPart(syntax), .rememberedText)
    case (.address, .none) where remembers: return (keyPart(syntax), .rememberedAddress)
    default: break
    }
    diagnostics.report(
      .aggregateMismatch, "there is no \(aggregate.rawValue) of \(type.description)", syntax.span,
      remembers
        ? "expected a field with a value of its own"
        : "expected `amount`, a whole number\(aggregate == .sum || aggregate == .average ? "" : " or a time")",
      help: type == .text ? "distinct counts different texts" : nil)
    return (nil, .unknown)
  }

  /// A field to group by or to tell apart.
  mutating func keyPart(_ syntax: KeyPartSyntax) -> KeyPart? {
    if syntax.field.text == "location" || syntax.field.text == "home" || syntax.field.text == "amount" {
      diagnostics.report(
        .notGroupable, "`\(syntax.field.text)` has several parts", syntax.span, "expected one field",
        help: syntax.field.text == "amount"
          ? "amount.currency, for example" : "\(syntax.field.text).country, for example")
      return nil
    }
    guard let (slot, type) = field(syntax.field) else { return nil }
    switch (syntax.derivation, type) {
    case (.none, .text): return KeyPart(slot: slot, derivation: .text)
    case (.none, .address): return KeyPart(slot: slot, derivation: .address)
    case (.none, .integer), (.none, .choice), (.none, .boolean), (.none, .time):
      return KeyPart(slot: slot, derivation: .number)
    case (.domain, .text): return KeyPart(slot: slot, derivation: .domain)
    case (.prefix(let bits), .address): return prefix(slot, bits, syntax.span)
    default:
      diagnostics.report(
        .notGroupable, "`\(syntax.printed)` cannot be told apart", syntax.span,
        "\(type.description) has no such part")
      return nil
    }
  }

  /// `/24`: the prefix of an IPv4 address, and twice as many bits of an IPv6 address, which has that much more to give
  /// to one site; beyond 32, of IPv6 addresses alone.
  private mutating func prefix(_ slot: Int, _ bits: Int64, _ span: SourceSpan) -> KeyPart? {
    guard (1...128).contains(bits) else {
      diagnostics.report(.valueOutOfRange, "no address has such a prefix", span, "expected 1 to 128 bits")
      return nil
    }
    let (ipv4, ipv6) = bits <= 32 ? (Int(bits), 2 * Int(bits)) : (32, Int(bits))
    return KeyPart(slot: slot, derivation: .prefix(ipv4: ipv4, ipv6: ipv6))
  }
}

extension Aggregate {
  /// The type of readings of activities as such.
  fileprivate var plainType: ValueType {
    switch self {
    case .rate: .rate
    case .timeSince: .duration
    default: .integer
    }
  }
}

extension KeyPartSyntax {
  /// As written, in canonical form.
  var printed: String {
    switch derivation {
    case .none: field.text
    case .prefix(let bits): "\(field.text)/\(bits)"
    case .domain: "domain of \(field.text)"
    }
  }
}
