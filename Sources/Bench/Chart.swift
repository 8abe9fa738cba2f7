import Foundation

/// A line chart as inline SVG: values in, markup out. Colours are the page's CSS classes `a`, `b`, ….
struct Chart {
  /// One line; its points are in the axes' own units.
  struct Series {
    var name: String
    /// The CSS class that colours it.
    var style: String
    var points: [(x: Double, y: Double, note: String)]
  }

  /// One axis: where a value lies between its ends (0 to 1), and what is written at which values.
  struct Axis {
    var title: String
    var ticks: [(value: Double, label: String)]
    var position: (Double) -> Double
  }

  var title: String
  var x: Axis
  var y: Axis
  var series: [Series]

  private static let width = 860.0
  private static let height = 340.0
  private static let left = 78.0
  private static let bottom = 46.0
  private static let right = 16.0
  private static let top = 14.0

  func svg() -> String {
    let label = HTML.escape(title)
    var parts = ["<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(label)\">"]
    parts += x.ticks.map { verticalLine(at: $0.value, label: $0.label) }
    parts += y.ticks.map { horizontalLine(at: $0.value, label: $0.label) }
    parts.append(Self.axisTitle(x.title, "x=\"\(Self.width / 2)\" y=\"\(Self.height - 6)\""))
    parts.append(Self.axisTitle(y.title, "transform=\"translate(14 \(Self.height / 2)) rotate(-90)\""))
    parts += series.map(line)
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  private static func axisTitle(_ title: String, _ place: String) -> String {
    "<text class=\"axis\" \(place) text-anchor=\"middle\">\(HTML.escape(title))</text>"
  }

  private func line(_ series: Series) -> String {
    let points = series.points.map { "\(Self.format(column($0.x))),\(Self.format(row($0.y)))" }.joined(separator: " ")
    let dots = series.points.map { point in
      "<circle class=\"\(series.style)\" "
        + "cx=\"\(Self.format(column(point.x)))\" cy=\"\(Self.format(row(point.y)))\" r=\"2.5\">"
        + "<title>\(HTML.escape(series.name)): \(HTML.escape(point.note))</title></circle>"
    }
    return "<polyline class=\"\(series.style)\" points=\"\(points)\"/>" + dots.joined()
  }

  private func verticalLine(at value: Double, label: String) -> String {
    let column = Self.format(column(value))
    let end = Self.height - Self.bottom
    return "<line class=\"grid\" x1=\"\(column)\" x2=\"\(column)\" y1=\"\(Self.top)\" y2=\"\(end)\"/>"
      + "<text x=\"\(column)\" y=\"\(end + 16)\" text-anchor=\"middle\">\(HTML.escape(label))</text>"
  }

  private func horizontalLine(at value: Double, label: String) -> String {
    let row = Self.format(row(value))
    let end = Self.width - Self.right
    return "<line class=\"grid\" x1=\"\(Self.left)\" x2=\"\(end)\" y1=\"\(row)\" y2=\"\(row)\"/>"
      + "<text x=\"\(Self.left - 6)\" y=\"\(row)\" dy=\"4\" text-anchor=\"end\">\(HTML.escape(label))</text>"
  }

  private func column(_ value: Double) -> Double {
    Self.left + Self.unit(x.position(value)) * (Self.width - Self.left - Self.right)
  }

  private func row(_ value: Double) -> Double {
    Self.height - Self.bottom - Self.unit(y.position(value)) * (Self.height - Self.top - Self.bottom)
  }

  private static func unit(_ position: Double) -> Double { min(max(position, 0), 1) }

  private static func format(_ value: Double) -> String { String(format: "%.1f", value) }
}
