extension ValueType {
  /// A number of this type as rules files write it; times to the millisecond (RFC 3339, UTC), which they do not have.
  func text(_ value: Int64, currency: String?) -> String {
    switch self {
    case .decimal: Literal.decimal(value).printed
    case .money: currency.map { Literal.money(minorUnits: value, currency: $0).printed } ?? "\(value)"
    case .duration: Literal.duration(value)
    case .time: Self.instant(value)
    case .clock: Literal.clock(value).printed
    case .distance: Literal.distance(value).printed
    case .speed: Literal.speed(value).printed
    case .weekday: Checker.weekdays.first { $0.value == value }?.key ?? "\(value)"
    case .choice(let field): field.choices.first { $0.value == value }?.key ?? "\(value)"
    case .place: Self.place(value)
    // Only their hashes are kept.
    case .rememberedText, .rememberedAddress: "remembered"
    case .integer, .rate, .text, .boolean, .address, .unknown: "\(value)"
    }
  }

  private static func instant(_ milliseconds: Int64) -> String {
    let day = milliseconds.floorDivided(by: 86_400_000)
    let rest = milliseconds &- day &* 86_400_000
    let date = CivilDate(days: day)
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60].map { digits($0, 2) }
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))T"
      + "\(clock.joined(separator: ":")).\(digits(rest % 1_000, 3))Z"
  }

  private static func digits(_ value: Int64, _ count: Int) -> String {
    let text = "\(value)"
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  private static func place(_ packed: Int64) -> String {
    let (north, east) = (packed >> 32, Int64(Int32(truncatingIfNeeded: packed)))
    return "\(Literal.decimal(north).printed), \(Literal.decimal(east).printed)"
  }
}
