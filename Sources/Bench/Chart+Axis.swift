import Foundation

extension Chart.Axis {
  /// From 0 to a round number at or above `maximum`.
  static func linear(_ title: String, maximum: Double) -> Chart.Axis {
    let step = roundStep(maximum / 5)
    let end = max(step, (maximum / step).rounded(.up) * step)
    let count = Int((end / step).rounded())
    return Chart.Axis(
      title: title, ticks: (0...count).map { (Double($0) * step, Quantity.text(Double($0) * step)) },
      position: { $0 / end })
  }

  /// Powers of ten around positive values.
  static func logarithmic(_ title: String, values: [Double]) -> Chart.Axis {
    let positive = values.filter { $0 > 0 }
    let low = log10(positive.min() ?? 1).rounded(.down)
    let high = max(log10(positive.max() ?? 10).rounded(.up), low + 1)
    let ticks = stride(from: low, through: high, by: 1).map { (pow(10, $0), Quantity.text(pow(10, $0))) }
    return Chart.Axis(title: title, ticks: ticks, position: { $0 > 0 ? (log10($0) - low) / (high - low) : 0 })
  }

  /// Percentiles from 0 to 1 by their number of nines, as HdrHistogram's plotter shows them; 1 itself is at the end.
  static func percentiles(through nines: Double) -> Chart.Axis {
    let end = max(1, nines)
    let labels = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %", "99.999999 %"]
    let ticks = labels.enumerated().prefix { Double($0.offset) <= end }
      .map { (1 - pow(10, -Double($0.offset)), $0.element) }
    return Chart.Axis(
      title: "percentile", ticks: ticks, position: { $0 < 1 ? -log10(1 - $0) / end : 1 })
  }

  /// 1, 2 or 5 times a power of ten, at or above `raw`.
  private static func roundStep(_ raw: Double) -> Double {
    guard raw > 0 else { return 1 }
    let power = pow(10, log10(raw).rounded(.down))
    return power * ([1, 2, 5].first { $0 * power >= raw } ?? 10)
  }
}
