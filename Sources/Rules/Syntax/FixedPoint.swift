/// A decimal number as written: digits, and how many of them stand after the point.
struct FixedPoint: Hashable, Sendable {
  /// The number without its point.
  var units: Int64
  /// 0 to 6.
  var fractionDigits: Int

  /// `nil` unless `text` is digits with at most one point inside and at most 18 digits, 6 of them after the point.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }) else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard fraction.utf8.count <= 6, parts[0].utf8.count + fraction.utf8.count <= 18,
      let units = Int64(parts[0] + fraction)
    else { return nil }
    (self.units, fractionDigits) = (units, fraction.utf8.count)
  }

  var value: Double { Double(units) / Double(Self.power(fractionDigits)) }

  /// The number times `factor`, where that is whole and fits.
  func scaled(by factor: Int64) -> Int64? {
    let (product, overflow) = units.multipliedReportingOverflow(by: factor)
    guard !overflow, product % Self.power(fractionDigits) == 0 else { return nil }
    return product / Self.power(fractionDigits)
  }

  static func power(_ exponent: Int) -> Int64 {
    (0..<exponent).reduce(into: 1) { power, _ in power *= 10 }
  }
}
