import Transport

/// What `gatehouse-bench run` is asked to do.
public struct RunOptions: Sendable {
  public static let maximumConnections = 10_000
  public static let maximumDepth = 65_536
  public static let maximumKeys = 100_000_000
  public static let maximumRate = 100_000_000.0
  /// Calls in flight on a connection that the protocol allows by default.
  public static let openLoopDepth = 1_024

  public var server = Endpoint.tcp(host: "127.0.0.1", port: 7400)
  /// A rules file that the server is to use; nil leaves those that are in force.
  public var rulesFile: String?
  public var connections = 1
  /// Calls in flight on a connection: always in the closed loop, at most in the open one.
  public var depth = 1
  /// Calls a second; nil means the closed loop.
  public var rate: Double?
  public var arrival = Schedule.Arrival.constant
  public var duration = Duration.seconds(10)
  public var warmup = Duration.seconds(1)
  /// How long calls still in flight at the end are waited for.
  public var drain = Duration.seconds(5)
  /// Report percentiles and memory once a step.
  public var step: Duration?

  public var mix = CallMix(.evaluate)
  /// Evaluate only looks and changes nothing.
  public var checkOnly = false
  public var durability = RecordDurability.server
  /// Customers, each with one membership and one card.
  public var keys: UInt64 = 100_000
  /// Zipf's exponent; nil means that every key is as likely.
  public var zipf: Double?
  /// Every activity carries an id of its own.
  public var ids = true
  public var seed: UInt64 = 1
  /// The time left that every request states; nil states none.
  public var deadline: Duration?

  /// The open loop is not valid when the 99th percentile of its own lag is above this.
  public var maximumLag = Duration.milliseconds(1)
  public var serverProcess: Int32?
  public var thresholds: [Threshold] = []
  /// What reports call the run.
  public var name = "gatehouse-bench"

  public init() {}
}

/// What requests ask to be reached before they are answered; the names of the contract's `Durability`.
public enum RecordDurability: String, Sendable, Codable, CaseIterable {
  /// Not said: the server's default.
  case server
  case buffered, written, durable
}
