import Foundation

/// When the calls of an open loop are due, in nanoseconds since the loop began. A copy replays the same times.
///
/// Two arrivals: at a constant distance, or as a Poisson process (exponential distances), which is how independent
/// customers arrive. Times are summed in floating point: after a day at any rate they are exact to a few nanoseconds.
public struct Schedule: Sendable {
  public enum Arrival: String, Sendable, Codable {
    case constant, poisson
  }

  public let arrival: Arrival
  private let meanInterval: Double
  private var random: SplitMix64
  private var due = 0.0

  /// The mean distance between calls in nanoseconds.
  var interval: UInt64 { UInt64(meanInterval) }

  /// When the next call is due.
  public var next: UInt64 { UInt64(due) }

  /// `rate` is calls a second, above 0.
  public init(rate: Double, arrival: Arrival, seed: UInt64) {
    precondition(rate > 0)
    self.arrival = arrival
    meanInterval = 1e9 / rate
    random = SplitMix64(seed: seed)
    if arrival == .poisson { advance() }
  }

  /// Goes on to the following call.
  public mutating func advance() {
    switch arrival {
    case .constant: due += meanInterval
    case .poisson: due -= log(random.nextUnit()) * meanInterval
    }
  }
}
