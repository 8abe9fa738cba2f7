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

  /// The same for the elements of a list in place; those of named lists may serve other fields.
  mutating func warnOfForeignConstants(in collection: Expression.Collection, for source: TextSource) {
    guard case .elements(let elements, _) = collection else { return }
    for element in elements {
      if case .literal(.text(let text)) = element.kind { warnOfForeignConstant(text, for: source, element) }
    }
  }
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
