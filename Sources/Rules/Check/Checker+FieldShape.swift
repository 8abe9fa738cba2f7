extension Checker {
  /// Warns where `side` is a constant that no activity has in the field: the contract refuses activities with it.
  mutating func warnOfForeignConstant(_ text: String, for source: TextSource, _ side: Expression) {
    guard !source.isDomain, let field = Field(rawValue: source.slot), let shape = field.shape, !shape.allows(text)
    else { return }
    let mended = text.uppercased()
    diagnostics.report(
      .foreignConstant, "no activity has `\(text.prefix(80))` as its \(field.name)", side.span,
      "expected \(shape.description)", help: shape.allows(mended) ? "write \"\(mended)\"" : nil)
  }

  /// The same for the elements of a list: of one in place at the element, of a named one, which may serve other fields,
  /// at its use.
  mutating func warnOfForeignConstants(
    in collection: Expression.Collection, _ list: Int, for source: TextSource
  ) {
    switch collection {
    case .elements(let elements, _):
      for element in elements {
        if case .literal(.text(let text)) = element.kind { warnOfForeignConstant(text, for: source, element) }
      }
    case .named(let name):
      guard !source.isDomain, let field = Field(rawValue: source.slot), let shape = field.shape,
        let text = foreignElement(of: list, for: field, shape)
      else { return }
      diagnostics.report(
        .foreignConstant, "no activity has `\(text.prefix(80))` of `\(name.text)` as its \(field.name)", name.span,
        "expected \(shape.description)")
    }
  }

  /// The first element that no activity has in the field. Each list is looked through once a field, however often it is
  /// used.
  private mutating func foreignElement(of list: Int, for field: Field, _ shape: FieldShape) -> String? {
    let use = ListUse(list: list, field: field)
    if let known = foreignElements[use] { return known }
    guard case .texts(let texts) = checked.lists[list].elements else { return nil }
    let found = texts.first { !shape.allows($0) }
    foreignElements[use] = .some(found)
    return found
  }

  /// Warns of a constant amount in what is no currency: activities have the letters of ISO 4217.
  mutating func warnOfUnknownCurrency(_ quantity: Quantity, _ side: Expression) {
    guard case .inCurrency(.constant, let currency) = quantity, !Currency.known.contains(currency) else { return }
    diagnostics.report(
      .foreignConstant, "there is no currency `\(currency)`", side.span, "expected three letters of ISO 4217")
  }
}

/// A named list and a field that is looked for in it.
struct ListUse: Hashable {
  let list: Int
  let field: Field
}

/// What the contract has texts of a field look like: so many bytes of one kind.
private struct FieldShape {
  let lengths: Set<Int>
  let bytes: ClosedRange<UInt8>
  let description: String

  func allows(_ text: String) -> Bool {
    lengths.contains(text.utf8.count) && text.utf8.allSatisfy(bytes.contains)
  }

  private static let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

  static let country = FieldShape(lengths: [2], bytes: capitals, description: "two capital letters (ISO 3166-1)")
  static let currency = FieldShape(lengths: [3], bytes: capitals, description: "three capital letters (ISO 4217)")
  static let last4 = FieldShape(lengths: [4], bytes: digits, description: "four digits")
  static let bin = FieldShape(lengths: [6, 8], bytes: digits, description: "six or eight digits")
}

extension Field {
  /// nil for fields whose texts are free.
  fileprivate var shape: FieldShape? {
    switch self {
    case .locationCountry, .homeCountry: .country
    case .amountCurrency: .currency
    case .cardLast4: .last4
    case .cardBIN: .bin
    default: nil
    }
  }
}
