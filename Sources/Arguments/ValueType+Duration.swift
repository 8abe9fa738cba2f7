extension ValueType<Duration> {
  /// A length of time: whole numbers each with its unit, longest first (`5s`, `250ms`, `48h`, `1h30m`), or `0`.
  /// Units are `us`, `ms`, `s`, `m`, `h`, `d`. At most 100 years.
  public static var duration: ValueType {
    ValueType(
      placeholder: "DURATION",
      parse: { text throws(ValueError) in
        guard let value = DurationText.parse(text) else {
          throw ValueError("is not a duration", advice: "give a whole number and a unit: 250ms, 5s, 1h30m, 48h, 7d")
        }
        return value
      },
      format: DurationText.format)
  }

  /// A duration within a range.
  public static func duration(in range: ClosedRange<Duration>) -> ValueType {
    ValueType(
      placeholder: "DURATION",
      parse: { text throws(ValueError) in
        let value = try duration.parse(text)
        guard range.contains(value) else {
          let (low, high) = (DurationText.format(range.lowerBound), DurationText.format(range.upperBound))
          throw ValueError("is out of range", advice: "give a duration from \(low) to \(high)")
        }
        return value
      },
      format: DurationText.format)
  }
}
