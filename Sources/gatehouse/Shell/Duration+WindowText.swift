import Arguments

extension Duration {
  /// A window's length as the trade says it: up to three days in whole hours, `48h`.
  static func windowText(milliseconds: Int64) -> String {
    let (hours, rest) = milliseconds.quotientAndRemainder(dividingBy: 3_600_000)
    if rest == 0, (1...72).contains(hours) { return "\(hours)h" }
    return ValueType<Duration>.duration.format(.milliseconds(milliseconds))
  }
}
