extension ValueType<Int> {
  /// A number of bytes: a whole number and a unit, `B`, `KiB`, `MiB`, `GiB`, `TiB` (powers of 1,024) or `kB`, `MB`,
  /// `GB`, `TB` (powers of 1,000).
  public static func byteSize(in range: ClosedRange<Int>) -> ValueType {
    ValueType(
      placeholder: "SIZE",
      parse: { text throws(ValueError) in
        let units = "give a whole number and a unit: 512B, 64KiB, 4MiB, 1GB"
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let name = text.dropFirst(digits.count)
        guard let count = Int(digits), let unit = byteUnits.first(where: { $0.name == name }) else {
          throw ValueError("is not a size in bytes", advice: units)
        }
        let (bytes, tooMany) = count.multipliedReportingOverflow(by: unit.bytes)
        guard !tooMany, range.contains(bytes) else {
          let (low, high) = (formatBytes(range.lowerBound), formatBytes(range.upperBound))
          throw ValueError("is out of range", advice: "give a size from \(low) to \(high)")
        }
        return bytes
      },
      format: formatBytes)
  }
}

/// Largest first, so that `formatBytes` finds the shortest text.
private let byteUnits: [(name: String, bytes: Int)] = [
  ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20),
  ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1_000), ("B", 1),
]

/// The exact size in the largest unit that divides it.
@Sendable private func formatBytes(_ bytes: Int) -> String {
  let unit = byteUnits.first { bytes >= $0.bytes && bytes % $0.bytes == 0 }
  return "\(bytes / (unit?.bytes ?? 1))\(unit?.name ?? "B")"
}
