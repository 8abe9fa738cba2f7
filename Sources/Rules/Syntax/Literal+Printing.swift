extension Literal {
  /// The literal in its canonical form, which depends on nothing but its value.
  var printed: String {
    switch self {
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .decimal(let value): Self.point(value, digits: 6, keepsAll: false)
    case .text(let text): Self.quoted(text)
    case .duration(let value): Self.duration(value)
    case .money(let units, let currency):
      "\(Self.point(units, digits: Currency.fractionDigits(currency), keepsAll: true)) \(currency)"
    case .clock(let minutes): Self.twoDigits(minutes / 60) + ":" + Self.twoDigits(minutes % 60)
    case .time(let value): Self.date(value)
    case .distance(let metres): "\(Self.point(metres, digits: 3, keepsAll: false))km"
    case .speed(let metres): "\(Self.point(metres, digits: 3, keepsAll: false))km/h"
    case .rate(let count, let unit):
      "\(count) per \(NumberLiteral.rateUnits.first { $0.milliseconds == unit }?.unit ?? Self.duration(unit))"
    case .share(let hundredths): "\(Self.point(hundredths, digits: 2, keepsAll: false))%"
    }
  }

  /// From three days on in days, below in the largest unit that leaves a whole number: `24h`, `48h`, `3d`, `90s`.
  static func duration(_ milliseconds: Int64) -> String {
    let unit = NumberLiteral.durations.dropFirst().first {
      milliseconds % $0.milliseconds == 0 && ($0.unit != "d" || milliseconds >= 3 * $0.milliseconds)
    }
    return unit.map { "\(milliseconds / $0.milliseconds)\($0.unit)" } ?? "\(milliseconds)ms"
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// `value` with its last `digits` digits behind a point; trailing zeros go unless `keepsAll`.
  private static func point(_ value: Int64, digits: Int, keepsAll: Bool) -> String {
    guard digits > 0 else { return "\(value)" }
    let magnitude = value.magnitude
    let power = UInt64(FixedPoint.power(digits))
    var fraction = String(magnitude % power)
    fraction = String(repeating: "0", count: digits - fraction.count) + fraction
    while !keepsAll, fraction.hasSuffix("0") { fraction.removeLast() }
    return (value < 0 ? "-" : "") + "\(magnitude / power)" + (fraction.isEmpty ? "" : ".\(fraction)")
  }

  private static func twoDigits(_ value: Int64) -> String { (value < 10 ? "0" : "") + "\(value)" }

  private static func date(_ milliseconds: Int64) -> String {
    let date = CivilDate(days: milliseconds / 86_400_000)
    return "\(date.year)-\(twoDigits(date.month))-\(twoDigits(date.day))"
  }
}
