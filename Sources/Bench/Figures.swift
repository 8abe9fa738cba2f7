/// The figures of one run or step; those that do not apply are absent.
public struct Figures: Sendable, Equatable {
  private var values: [Figure: Double] = [:]

  public init() {}

  public subscript(figure: Figure) -> Double? {
    get { values[figure] }
    set { values[figure] = newValue }
  }

  /// Takes the percentiles, the maximum and the mean of a histogram in, as microseconds with three decimals.
  mutating func setLatency(_ histogram: Histogram) {
    guard histogram.count > 0 else { return }
    for (figure, percentile) in Figure.percentiles {
      self[figure] = Double(histogram.value(atPercentile: percentile)) / 1000
    }
    self[.mean] = histogram.mean.rounded() / 1000
  }
}

/// In JSON the figures stand beside the other keys of what they belong to, each under its own name.
extension Figures: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Figure.self)
    for figure in Figure.allCases {
      values[figure] = try container.decodeIfPresent(Double.self, forKey: figure)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Figure.self)
    for (figure, value) in values { try container.encode(value, forKey: figure) }
  }
}
