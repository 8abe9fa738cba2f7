import Wire

/// How many calls were answered with each status but OK.
public struct RefusalCounts: Sendable, Hashable {
  // Codes are 0 to 16.
  private var counts = SIMD32<UInt64>.zero

  public init() {}

  public subscript(code: StatusCode) -> UInt64 {
    get { counts[Int(code.rawValue)] }
    set { counts[Int(code.rawValue)] = newValue }
  }

  static func += (sum: inout RefusalCounts, more: RefusalCounts) { sum.counts &+= more.counts }
}

extension RefusalCounts: CustomStringConvertible {
  /// `INVALID_ARGUMENT 12, UNAVAILABLE 1`; `none`.
  public var description: String {
    let counted = StatusCode.allCases.filter { self[$0] > 0 }.map { "\($0) \(self[$0])" }
    return counted.isEmpty ? "none" : counted.joined(separator: ", ")
  }
}
