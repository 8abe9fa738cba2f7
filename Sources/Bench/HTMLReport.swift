import Foundation

/// The page that `--html` writes: the latency curve, throughput over time and the figures of one run, or of two side by side.
public struct HTMLReport: Sendable {
  /// One run, or A and B.
  private let runs: [RunResult]
  private let comparison: Comparison?

  public init(_ run: RunResult) {
    runs = [run]
    comparison = nil
  }

  public init(_ a: RunResult, _ b: RunResult, comparison: Comparison) {
    runs = [a, b]
    self.comparison = comparison
  }

  public func page() -> String {
    let title = runs.map(\.details.name).joined(separator: " and ")
    var body = ["<h1>\(HTML.escape(title))</h1>", runs.indices.map(summary).joined(separator: "\n")]
    if let comparison {
      body.append("<p><strong>Verdict: B is \(comparison.verdict.rawValue).</strong></p>")
      body += comparison.objections.map { "<p class=\"bad\">Not comparable: \(HTML.escape($0))</p>" }
    }
    body += ["<h2>Latency by percentile</h2>", latencyChart.svg()]
    body += ["<h2>Answers a second</h2>", throughputChart.svg()]
    body += ["<h2>Figures</h2>", "<div class=\"scroll\">\(figureTable)</div>"]
    if runs.contains(where: { !$0.details.steps.isEmpty }) { body += runs.map(stepTable) }
    return HTML.page(title: title, body: body.joined(separator: "\n"))
  }

  private func style(_ index: Int) -> String { index == 0 ? "a" : "b" }

  private func seriesName(_ index: Int) -> String {
    runs.count == 1 ? runs[index].details.name : index == 0 ? "A" : "B"
  }

  private func summary(_ index: Int) -> String {
    let details = runs[index].details
    let name = runs.count == 1 ? "" : "<strong>\(seriesName(index))</strong> \(HTML.escape(details.name)): "
    var lines = ["<p><span class=\"key \(style(index))\"></span>\(name)\(HTML.escape(details.shape))<br>"]
    lines.append("\(HTML.escape(details.serverLine))</p>")
    lines += details.invalidReasons.map { "<p class=\"bad\">Not valid: \(HTML.escape($0))</p>" }
    lines += details.crossedThresholds.map { "<p class=\"bad\">Crossed: \(HTML.escape($0))</p>" }
    return lines.joined(separator: "\n")
  }

  private var latencyChart: Chart {
    let points = runs.flatMap(\.details.curve)
    let nines = points.filter { $0.percentile < 1 }.map { -log10(1 - $0.percentile) }.max() ?? 1
    return Chart(
      title: "Latency by percentile", x: .percentiles(through: nines),
      y: .logarithmic("latency, µs", values: points.map(\.value)),
      series: runs.indices.map { index in
        let points = runs[index].details.curve.map { point in
          let note = String(format: "%.5f %%: ", point.percentile * 100) + Quantity.text(point.value) + " µs"
          return (x: point.percentile, y: point.value, note: note)
        }
        return Chart.Series(name: seriesName(index), style: style(index), points: points)
      })
  }

  private var throughputChart: Chart {
    let moments = runs.flatMap(\.details.timeline)
    return Chart(
      title: "Answers a second over time",
      x: .linear("seconds since the warm-up", maximum: Double(moments.map(\.second).max() ?? 1)),
      y: .linear("answers a second", maximum: Double(moments.map(\.requests).max() ?? 1)),
      series: runs.indices.map { index in
        let points = runs[index].details.timeline.map { moment in
          let note = "second \(moment.second): \(Quantity.text(moment.requests)), p99 \(Quantity.text(moment.p99)) µs"
          return (x: Double(moment.second), y: Double(moment.requests), note: note)
        }
        return Chart.Series(name: seriesName(index), style: style(index), points: points)
      })
  }

  private var figureTable: String {
    if let comparison {
      return HTML.table(
        head: ["figure", "A", "B", "B/A", "verdict"],
        rows: comparison.lines.map { line in
          [
            line.figure.rawValue, Quantity.text(line.figure, line.a), Quantity.text(line.figure, line.b),
            line.ratioText,
            line.verdict?.rawValue ?? "",
          ]
        })
    }
    return HTML.table(
      head: ["figure", "value"],
      rows: Figure.allCases.compactMap { figure in
        runs[0].figures[figure].map { [figure.rawValue, Quantity.text(figure, $0)] }
      })
  }

  private func stepTable(_ run: RunResult) -> String {
    let figures: [Figure] = [.requestsPerSecond, .p50, .p99, .p999, .max, .errors, .serverResident]
    let rows = run.details.steps.map { step in
      ["\(Quantity.text(step.from))–\(Quantity.text(step.to))"]
        + figures.map { figure in step.figures[figure].map { Quantity.text(figure, $0) } ?? "" }
    }
    let table = HTML.table(head: ["seconds"] + figures.map(\.shortName), rows: rows)
    return "<h2>Steps of \(HTML.escape(run.details.name))</h2>\n<div class=\"scroll\">\(table)</div>"
  }
}
