/// A length of time as people write it: `1h30m`.
enum DurationText {
  /// The units, longest first, in microseconds.
  private static let units: [(name: String, microseconds: Int64)] = [
    ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
  ]
  private static let maximumMicroseconds: Int64 = 36_525 * 86_400_000_000

  /// The duration, or nil when the text is none: no unit, an unknown one, one twice or out of order, over 100 years.
  static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text[...]
    var total: Int64 = 0
    var allowed = units[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      let name = rest.dropFirst(digits.count).prefix { $0.isLetter }
      guard let count = Int64(digits), let index = allowed.firstIndex(where: { $0.name == name }) else { return nil }
      let (product, tooMany) = count.multipliedReportingOverflow(by: units[index].microseconds)
      guard !tooMany, product <= maximumMicroseconds - total else { return nil }
      total += product
      allowed = units[(index + 1)...]
      rest = rest.dropFirst(digits.count + name.count)
    }
    return text.isEmpty ? nil : .microseconds(total)
  }

  /// The text that `parse` reads back; what is finer than a microsecond is left out.
  static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    var left = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    var text = ""
    for unit in units where left >= unit.microseconds {
      text += "\(left / unit.microseconds)\(unit.name)"
      left %= unit.microseconds
    }
    return text.isEmpty ? "0" : text
  }
}
