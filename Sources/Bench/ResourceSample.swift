import Glibc

/// What the harness and the server had used at one moment.
struct ResourceSample: Sendable {
  /// Monotonic nanoseconds.
  var time: UInt64
  var harnessCPUNanoseconds: UInt64
  var server: ServerProcess.Usage?

  static func take(of server: ServerProcess?) -> ResourceSample {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return ResourceSample(
      time: Monotonic.now(), harnessCPUNanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec),
      server: server?.usage())
  }
}

extension Figures {
  /// Takes what was used between two samples in, while `requests` were answered.
  mutating func setResources(from first: ResourceSample, to last: ResourceSample, requests: UInt64) {
    let elapsed = Double(last.time - first.time)
    guard elapsed > 0 else { return }
    self[.harnessCPU] = Self.rounded(Double(last.harnessCPUNanoseconds - first.harnessCPUNanoseconds) / elapsed)
    guard let before = first.server, let after = last.server else { return }
    let used = Double(after.cpuNanoseconds) - Double(before.cpuNanoseconds)
    self[.serverCPU] = Self.rounded(used / elapsed)
    if requests > 0 { self[.serverCPUPerRequest] = Self.rounded(used / Double(requests)) }
    self[.serverResident] = Double(after.residentBytes)
    self[.serverResidentPeak] = Double(after.peakResidentBytes)
  }

  /// Three decimals.
  static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
