import Foundation

/// Numbers as people read them: with what is counted; measures to three digits.
enum Quantity {
  /// `1 entry`, `12 entries`.
  static func of(_ count: some BinaryInteger, _ singular: String, _ plural: String) -> String {
    "\(count) \(count == 1 ? singular : plural)"
  }

  static func entries(_ count: some BinaryInteger) -> String { of(count, "entry", "entries") }

  /// `812 B`, `34.2 kB`, `1.07 GB`: powers of 1,000, as disks and networks count.
  static func bytes(_ count: UInt64) -> String {
    var (value, unit) = (Double(count), 0)
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
    while value >= 999.5, unit < units.count - 1 {
      value /= 1_000
      unit += 1
    }
    return "\(unit == 0 ? "\(count)" : threeDigits(value)) \(units[unit])"
  }

  /// `0.82 s`, `12.4 s`, `3 min 20 s`
  static func seconds(_ seconds: Double) -> String {
    guard seconds >= 100 else { return "\(threeDigits(seconds)) s" }
    return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  }

  private static func threeDigits(_ value: Double) -> String {
    String(format: value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value)
  }
}
