/// The numbers that a run is judged by; their raw values are the keys in JSON and the names in `--fail-if`.
public enum Figure: String, CodingKey, CaseIterable, Sendable {
  /// Calls answered with OK within the measured time, a second.
  case requestsPerSecond = "requests_per_second"
  /// Percentiles of the calls answered with OK, in microseconds: closed loop from the sending, open loop from the moment
  /// the call was due. A call that was never answered counts with the time it was waited for.
  case p50 = "p50_us"
  case p90 = "p90_us"
  case p99 = "p99_us"
  case p999 = "p999_us"
  case p9999 = "p9999_us"
  case max = "max_us"
  case mean = "mean_us"
  /// Calls answered with OK within the measured time.
  case requests
  /// Calls of the measured time that were answered with another status.
  case errors
  /// Calls of the measured time that were not answered, or not even sent, before the run gave up waiting.
  case unanswered
  /// `errors` and `unanswered` as a share of all calls of the measured time, 0 to 1.
  case errorShare = "error_share"
  /// How long answers other than OK took, in microseconds.
  case errorP99 = "error_p99_us"
  /// Calls sent within the measured time, a second.
  case sentPerSecond = "sent_per_second"
  /// Bytes of frames within the measured time, headers included.
  case bytesSent = "bytes_sent"
  case bytesReceived = "bytes_received"
  /// Open loop: how late the harness itself looked at the schedule, in microseconds.
  case lagP50 = "lag_p50_us"
  case lagP99 = "lag_p99_us"
  case lagMax = "lag_max_us"
  /// CPU seconds the harness used, a second of measured time: 1 is one core.
  case harnessCPU = "harness_cpu"
  /// The same of the server, with `--server-pid`.
  case serverCPU = "server_cpu"
  /// The server's CPU time for one answered call, in nanoseconds.
  case serverCPUPerRequest = "server_cpu_ns_per_request"
  /// The server's resident memory at the end, and the most it had at any time, in bytes.
  case serverResident = "server_rss_bytes"
  case serverResidentPeak = "server_rss_peak_bytes"

  /// Whether more of it is better; nil where neither is.
  var higherIsBetter: Bool? {
    switch self {
    case .requestsPerSecond: true
    case .requests, .sentPerSecond, .bytesSent, .bytesReceived, .harnessCPU, .serverCPU: nil
    default: false
    }
  }

  /// Whether a comparison's verdict rests on it. The outermost tail is a handful of events, and the harness's own
  /// figures say nothing of the server.
  var isDecisive: Bool {
    switch self {
    case .requestsPerSecond, .p50, .p90, .p99, .p999, .errorShare: true
    default: false
    }
  }
}

extension Figure {
  /// The percentiles of the latency curve that are figures.
  static let percentiles: [(figure: Figure, percentile: Double)] = [
    (.p50, 50), (.p90, 90), (.p99, 99), (.p999, 99.9), (.p9999, 99.99), (.max, 100),
  ]
}
