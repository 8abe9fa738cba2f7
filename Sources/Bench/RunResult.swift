/// What a run found: its shape, its figures, and whether they may be believed. The document that `--json` writes.
///
/// In JSON the figures are keys of the document itself (`requests_per_second`, `p99_us`, …; see `Figure`), beside those of
/// `Details`. Keys are only ever added within a schema; readers skip those they do not know.
public struct RunResult: Sendable, Equatable {
  public static let schema = 1

  public var figures: Figures
  public var details: Details

  public init(figures: Figures, details: Details) {
    self.figures = figures
    self.details = details
  }

  public struct Details: Codable, Sendable, Equatable {
    public var schema = RunResult.schema
    /// What reports call the run.
    public var name: String
    /// Unix time in milliseconds.
    public var startedAt: Int64
    /// Whether the harness could do what it was asked; when not, `invalidReasons` says why.
    public var valid: Bool
    public var invalidReasons: [String]
    /// The `--fail-if` bounds that were crossed.
    public var crossedThresholds: [String]
    public var server: Server
    public var host: Host
    /// `closed` or `open`.
    public var loop: String
    public var connections: Int
    public var depth: Int
    /// Open loop: calls a second asked for, and how they arrive.
    public var rate: Double?
    public var arrival: String?
    public var durationSeconds: Double
    public var warmupSeconds: Double
    public var workload: Workload
    /// How many calls were answered with each status code, by its name.
    public var status: [String: UInt64]
    /// How many evaluations came to each outcome, by its name in the contract.
    public var outcomes: [String: UInt64]
    public var timeline: [Moment]
    /// Empty without `--step`.
    public var steps: [Step]
    /// The latency-by-percentile curve.
    public var curve: [CurvePoint]

    enum CodingKeys: String, CodingKey {
      case schema, name, valid, server, host, loop, connections, depth, rate, arrival, workload, status, outcomes
      case timeline, steps, curve
      case startedAt = "started_at"
      case invalidReasons = "invalid_reasons"
      case crossedThresholds = "crossed_thresholds"
      case durationSeconds = "duration_s"
      case warmupSeconds = "warmup_s"
    }
  }

  public struct Server: Codable, Sendable, Equatable {
    public var address: String
    /// As its `Reflection.Describe` says; empty when it does not.
    public var version: String
    public var ruleSetVersion: String

    enum CodingKeys: String, CodingKey {
      case address, version
      case ruleSetVersion = "rule_set_version"
    }
  }

  /// The machine that the harness ran on.
  public struct Host: Codable, Sendable, Equatable {
    public var cpu: String
    public var cores: Int
    public var kernel: String
  }

  public struct Workload: Codable, Sendable, Equatable {
    /// Each call's weight.
    public var mix: [String: UInt64]
    /// `record` or `check`.
    public var mode: String
    public var durability: String
    public var keys: UInt64
    public var zipf: Double?
    public var ids: Bool
    public var seed: UInt64
    /// Payload bytes of each call's requests, the largest.
    public var payloadBytes: [String: Int]

    enum CodingKeys: String, CodingKey {
      case mix, mode, durability, keys, zipf, ids, seed
      case payloadBytes = "payload_bytes"
    }
  }

  /// One second of the run; `second` 0 is the first that is measured.
  public struct Moment: Codable, Sendable, Equatable {
    public var second: Int
    public var requests: UInt64
    public var errors: UInt64
    public var p50: Double
    public var p99: Double
    public var max: Double

    enum CodingKeys: String, CodingKey {
      case second, requests, errors
      case p50 = "p50_us"
      case p99 = "p99_us"
      case max = "max_us"
    }
  }

  /// The figures of one `--step`.
  public struct Step: Sendable, Equatable {
    public var from: Double
    public var to: Double
    public var figures: Figures
  }

  public struct CurvePoint: Codable, Sendable, Equatable {
    /// Microseconds.
    public var value: Double
    /// 0 to 1.
    public var percentile: Double
    public var count: UInt64

    enum CodingKeys: String, CodingKey {
      case value = "us"
      case percentile, count
    }
  }
}
