import Foundation

/// Numbers as people read them.
enum Quantity {
  /// `2,012,345`, `54.1`, `0.062`: thousands grouped, no more decimals than the size deserves.
  static func text(_ value: Double) -> String {
    switch abs(value) {
    case 0: return "0"
    case ..<1: return String(format: "%.3f", value)
    case ..<100: return trimmed(String(format: "%.1f", value))
    default: return grouped(value)
    }
  }

  static func text(_ value: UInt64) -> String { text(Double(value)) }

  /// A figure's value with its unit.
  static func text(_ figure: Figure, _ value: Double) -> String {
    let name = figure.rawValue
    if name.hasSuffix("_us") { return text(value) + " µs" }
    if name.hasSuffix("_bytes") || name.hasPrefix("bytes_") { return bytes(value) }
    if name.hasSuffix("_per_second") { return text(value) + " /s" }
    if name.hasSuffix("_cpu") { return text(value) + " cores" }
    if figure == .serverCPUPerRequest { return text(value) + " ns" }
    return figure == .errorShare ? String(format: "%.4f %%", value * 100) : text(value)
  }

  static func bytes(_ value: Double) -> String {
    value < 1_048_576 ? text(value / 1024) + " KiB" : text(value / 1_048_576) + " MiB"
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func grouped(_ value: Double) -> String {
    let digits = Array(String(format: "%.0f", abs(value)))
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
