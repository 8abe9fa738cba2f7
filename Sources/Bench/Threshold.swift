import Arguments
import Spelling

/// A bound on a figure that decides the exit code: `p99_us>500` fails a run whose 99th percentile is above 500 µs.
public struct Threshold: Sendable, Equatable {
  public enum Comparison: String, Sendable, CaseIterable {
    // Longer signs first: `>=` must not be read as `>`.
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  public let figure: Figure
  public let comparison: Comparison
  public let bound: Double

  /// Reads FIGURE SIGN NUMBER.
  public init(_ text: String) throws(ValueError) {
    let text = text.filter { $0 != " " }
    guard let comparison = Comparison.allCases.first(where: { text.contains($0.rawValue) }) else {
      throw ValueError("compares nothing", advice: "give a figure, one of > >= < <=, and a number: 'p99_us>500'")
    }
    let sides = text.split(separator: comparison.rawValue, maxSplits: 1, omittingEmptySubsequences: false).map(
      String.init)
    guard let figure = Figure(rawValue: sides[0]) else {
      let names = Figure.allCases.map(\.rawValue)
      let guess = nearest(to: sides[0], among: names).map { "did you mean \($0)? " } ?? ""
      throw ValueError("names no figure: '\(sides[0])'", advice: guess + "figures are \(names.joined(separator: ", "))")
    }
    guard let bound = Double(sides[1]), bound.isFinite else {
      throw ValueError("has no number behind \(comparison.rawValue)", advice: "give one: 'p99_us>500'")
    }
    self.figure = figure
    self.comparison = comparison
    self.bound = bound
  }

  /// Whether a figure's value crosses the bound. A figure that the run lacks crosses every bound: it could not be shown
  /// to hold.
  public func isCrossed(by value: Double?) -> Bool {
    guard let value else { return true }
    switch comparison {
    case .above: return value > bound
    case .atLeast: return value >= bound
    case .below: return value < bound
    case .atMost: return value <= bound
    }
  }
}

extension Threshold: CustomStringConvertible {
  public var description: String { "\(figure.rawValue)\(comparison.rawValue)\(Quantity.text(bound))" }
}

extension ValueType<Threshold> {
  static var threshold: ValueType {
    ValueType(
      placeholder: "BOUND", parse: { text throws(ValueError) in try Threshold(text) }, format: { $0.description })
  }
}
