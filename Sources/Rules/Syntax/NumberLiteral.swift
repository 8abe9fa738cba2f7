/// Reads what is written as a number: plain, with a unit, a clock time, a date.
enum NumberLiteral {
  enum Failure: Error, Equatable {
    case malformed
    case tooLarge
    case unknownUnit(String)
  }

  /// Units of time in milliseconds.
  static let durations: [(unit: String, milliseconds: Int64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]
  /// What stands behind `per`, in milliseconds.
  static let rateUnits: [(unit: String, milliseconds: Int64)] = [
    ("second", 1_000), ("minute", 60_000), ("hour", 3_600_000), ("day", 86_400_000),
  ]
  static let distances: [(unit: String, metres: Double)] = [("km", 1_000), ("mi", 1_609.344)]

  /// The literal that `text` is, or why it is none.
  static func parse(_ text: String) -> Result<Literal, Failure> {
    if text.contains(":") && !text.contains("-") { return clock(text) }
    if text.contains("-") { return date(text) }
    let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "_" }
    let unit = String(text.dropFirst(digits.count))
    guard let number = FixedPoint(String(digits.filter { $0 != "_" })) else {
      return .failure(digits.filter(\.isNumber).count > 18 ? .tooLarge : .malformed)
    }
    return quantity(number, unit)
  }

  private static func quantity(_ number: FixedPoint, _ unit: String) -> Result<Literal, Failure> {
    if unit.isEmpty {
      if number.fractionDigits == 0 { return .success(.integer(number.units)) }
      return number.scaled(by: 1_000_000).map { .success(.decimal($0)) } ?? .failure(.malformed)
    }
    if let (_, milliseconds) = durations.first(where: { $0.unit == unit }) {
      return number.scaled(by: milliseconds).map { .success(.duration($0)) } ?? .failure(.tooLarge)
    }
    if unit == "%" { return number.scaled(by: 100).map { .success(.share($0)) } ?? .failure(.malformed) }
    if let (_, metres) = distances.first(where: { $0.unit == unit }) {
      return metresValue(number, metres).map { .success(.distance($0)) } ?? .failure(.tooLarge)
    }
    if let (_, metres) = distances.first(where: { $0.unit + "/h" == unit }) {
      return metresValue(number, metres).map { .success(.speed($0)) } ?? .failure(.tooLarge)
    }
    return .failure(.unknownUnit(unit))
  }

  private static func metresValue(_ number: FixedPoint, _ metres: Double) -> Int64? {
    let value = (number.value * metres).rounded()
    return value < 1e15 ? Int64(value) : nil
  }

  private static func clock(_ text: String) -> Result<Literal, Failure> {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int64(parts[0]),
      let minute = Int64(parts[1]), hour < 24, minute < 60
    else { return .failure(.malformed) }
    return .success(.clock(hour * 60 + minute))
  }

  /// `2026-01-31`: midnight UTC.
  private static func date(_ text: String) -> Result<Literal, Failure> {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let year = Int64(parts[0]), let month = Int64(parts[1]),
      let day = Int64(parts[2]), year >= 1970, (1...12).contains(month), (1...31).contains(day)
    else { return .failure(.malformed) }
    let days = CivilDate.days(year: year, month: month, day: day)
    guard CivilDate(days: days) == CivilDate(year: year, month: month, day: day) else { return .failure(.malformed) }
    return .success(.time(days * 86_400_000))
  }
}
