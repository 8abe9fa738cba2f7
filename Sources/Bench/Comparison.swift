/// Two runs side by side: B's figures as ratios of A's, and which is better.
public struct Comparison: Sendable, Equatable {
  public enum Verdict: String, Sendable, Equatable, Codable {
    case better, same, worse
    /// One of the runs may not be believed, or their shapes differ: the ratios say nothing.
    case incomparable
  }

  public struct Line: Sendable, Equatable {
    public var figure: Figure
    public var a: Double
    public var b: Double
    /// B divided by A; nil when A is 0 and B is not.
    public var ratio: Double?
    /// Nil for figures that the verdict does not rest on.
    public var verdict: Verdict?
  }

  /// Figures that both runs have, in `Figure`'s order.
  public let lines: [Line]
  /// Worse when any decisive figure is, else better when any is.
  public let verdict: Verdict
  /// Why the runs cannot be compared.
  public let objections: [String]

  /// `tolerance` is the share of A's figure by which B's may differ and still count as the same.
  public init(_ a: RunResult, _ b: RunResult, tolerance: Double) {
    lines = Figure.allCases.compactMap { figure in
      guard let left = a.figures[figure], let right = b.figures[figure] else { return nil }
      return Line(figure, left, right, tolerance: tolerance)
    }
    objections = Self.objections(a.details, b.details)
    let verdicts = lines.compactMap(\.verdict)
    if !objections.isEmpty {
      verdict = .incomparable
    } else if verdicts.contains(.worse) {
      verdict = .worse
    } else {
      verdict = verdicts.contains(.better) ? .better : .same
    }
  }

  private static func objections(_ a: RunResult.Details, _ b: RunResult.Details) -> [String] {
    var found: [String] = []
    for (name, details) in [("A", a), ("B", b)] where !details.valid {
      found.append("\(name) is not valid: \(details.invalidReasons.joined(separator: "; "))")
    }
    func compare<Value: Equatable>(_ what: String, _ left: Value, _ right: Value) {
      if left != right { found.append("\(what) differs: \(left) in A, \(right) in B") }
    }
    compare("loop", a.loop, b.loop)
    compare("connections", a.connections, b.connections)
    compare("depth", a.depth, b.depth)
    compare("rate", a.rate ?? 0, b.rate ?? 0)
    compare("mix", a.workload.mix, b.workload.mix)
    compare("mode", a.workload.mode, b.workload.mode)
    compare("keys", a.workload.keys, b.workload.keys)
    compare("zipf", a.workload.zipf ?? 0, b.workload.zipf ?? 0)
    return found
  }
}

extension Comparison.Line {
  init(_ figure: Figure, _ a: Double, _ b: Double, tolerance: Double) {
    self.figure = figure
    self.a = a
    self.b = b
    ratio = a == 0 ? (b == 0 ? 1 : nil) : b / a
    guard figure.isDecisive, let higherIsBetter = figure.higherIsBetter else {
      verdict = nil
      return
    }
    let gain = (ratio ?? .infinity) - 1
    if abs(gain) <= tolerance {
      verdict = .same
    } else {
      verdict = (gain > 0) == higherIsBetter ? .better : .worse
    }
  }
}
