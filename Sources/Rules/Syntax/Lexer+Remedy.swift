extension Lexer {
  /// What word processors put in the place of `'` and `"`.
  static let typographicQuotes: ClosedRange<Unicode.Scalar> = "\u{2018}"..."\u{201F}"

  /// What to write in the place of a character that has no meaning.
  static func remedy(for scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "!": "write not"
    case "&": "write and"
    case "|": "write or"
    case "'", typographicQuotes: "texts stand between double quotes: \"…\""
    case ";": "nothing ends a line: leave it out"
    case "\u{2264}": "write <="
    case "\u{2265}": "write >="
    case "\u{2260}": "write !="
    case "\u{FEFF}": "this is a byte order mark, which does not show: save the file without it"
    default: isShown(scalar) ? nil : "this is U+\(hexadecimal(scalar)), which does not show: write a blank in its place"
    }
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
