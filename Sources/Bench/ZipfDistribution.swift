import Foundation

/// Ranks 1 to `count` drawn with probability proportional to rank^−`exponent`: how unevenly real keys are used.
///
/// Rejection-inversion after Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete
/// distributions" (ACM TOMACS 6, 1996): exact for any count and any exponent above 0, no table, at most about 1.1 tries a
/// draw. The hat is the continuous density h(x) = x^−s over [k − ½, k + ½] around each rank, its integral is H.
public struct ZipfDistribution: Sendable {
  public let count: UInt64
  public let exponent: Double

  /// H at the upper and at the lower end of the area that draws fall into.
  private let highest: Double
  private let lowest: Double
  /// A rank no further than this above its draw is accepted without looking at the hat.
  private let squeeze: Double

  /// `count` is at least 1, `exponent` finite and above 0.
  public init(count: UInt64, exponent: Double) {
    precondition(count >= 1 && exponent > 0 && exponent.isFinite)
    self.count = count
    self.exponent = exponent
    highest = Self.integral(Double(count) + 0.5, exponent)
    lowest = Self.integral(1.5, exponent) - 1
    squeeze = 2 - Self.inverseIntegral(Self.integral(2.5, exponent) - pow(2, -exponent), exponent)
  }

  /// One rank, 1 to `count`; costs a logarithm and an exponential, about 30 ns.
  public func next(using random: inout SplitMix64) -> UInt64 {
    while true {
      let area = highest + random.nextUnit() * (lowest - highest)
      let x = Self.inverseIntegral(area, exponent)
      let rank = min(max((x + 0.5).rounded(.down), 1), Double(count))
      if rank - x <= squeeze || area >= Self.integral(rank + 0.5, exponent) - pow(rank, -exponent) {
        return UInt64(rank)
      }
    }
  }

  /// H(x) = (x^(1−s) − 1) / (1 − s), which is ln x at s = 1.
  private static func integral(_ x: Double, _ s: Double) -> Double {
    let logarithm = log(x)
    let t = (1 - s) * logarithm
    return abs(t) > 1e-8 ? expm1(t) / t * logarithm : (1 + t / 2) * logarithm
  }

  /// H⁻¹(y) = (1 + y (1−s))^(1/(1−s)), which is e^y at s = 1.
  private static func inverseIntegral(_ y: Double, _ s: Double) -> Double {
    let t = max(y * (1 - s), -1)
    return exp(abs(t) > 1e-8 ? log1p(t) / t * y : (1 - t / 2) * y)
  }
}
