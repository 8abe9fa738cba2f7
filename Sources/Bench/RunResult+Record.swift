import GatehouseProtocol
import Wire

extension RunResult {
  /// Puts together what a run has collected.
  init(_ record: LoadRun.Record, options: RunOptions, workload: Workload, server: Server, startedAt: Int64) {
    let total = record.recorder.total
    var figures = Figures()
    figures.setCounts(total, seconds: options.duration.inSeconds)
    figures.setLatency(total.latency)
    figures.setResources(from: record.first, to: record.last, requests: total.completed)
    if total.errors > 0 { figures[.errorP99] = Double(total.errorLatency.value(atPercentile: 99)) / 1000 }
    if options.rate != nil {
      figures[.lagP50] = Double(total.lag.value(atPercentile: 50)) / 1000
      figures[.lagP99] = Double(total.lag.value(atPercentile: 99)) / 1000
      figures[.lagMax] = Double(total.lag.maximum) / 1000
    }
    let objections = Validity.objections(total, options: options, failures: record.failures)
    let crossed = options.thresholds.filter { $0.isCrossed(by: figures[$0.figure]) }
    self.init(
      figures: figures,
      details: Details(
        name: options.name, startedAt: startedAt, valid: objections.isEmpty, invalidReasons: objections,
        crossedThresholds: crossed.map(\.description), server: server, host: .current(),
        loop: options.rate == nil ? "closed" : "open", connections: options.connections, depth: options.depth,
        rate: options.rate, arrival: options.rate.map { _ in options.arrival.rawValue },
        durationSeconds: options.duration.inSeconds, warmupSeconds: options.warmup.inSeconds,
        workload: workload, status: Self.status(total), outcomes: Self.outcomes(total),
        timeline: record.recorder.timeline, steps: record.recorder.steps,
        curve: total.latency.distribution().map { point in
          CurvePoint(value: Double(point.value) / 1000, percentile: point.percentile, count: point.count)
        }))
  }

  private static func status(_ total: Interval) -> [String: UInt64] {
    counted(total.status) { StatusCode(rawValue: UInt8($0))?.name ?? "CODE_\($0)" }
  }

  private static func outcomes(_ total: Interval) -> [String: UInt64] {
    counted(total.outcomes) { Effect(rawValue: Int32($0)).description }
  }

  /// Only what occurred.
  private static func counted(_ counts: [UInt64], name: (Int) -> String) -> [String: UInt64] {
    Dictionary(uniqueKeysWithValues: counts.indices.filter { counts[$0] > 0 }.map { (name($0), counts[$0]) })
  }
}

extension RunResult.Workload {
  init(_ options: RunOptions, frames: RequestFrames) throws(BenchError) {
    let shares = options.mix.shares
    var payloadBytes: [String: Int] = [:]
    for share in shares {
      for variant in 0..<RequestSource.variantCount {
        let size = try frames.frame(share.kind, variant).count - FrameHeader.byteCount
        payloadBytes[share.kind.rawValue] = max(size, payloadBytes[share.kind.rawValue] ?? 0)
      }
    }
    self.init(
      mix: Dictionary(uniqueKeysWithValues: shares.map { ($0.kind.rawValue, $0.weight) }),
      mode: options.checkOnly ? "check" : "record", durability: options.durability.rawValue, keys: options.keys,
      zipf: options.zipf, ids: options.ids, seed: options.seed,
      payloadBytes: payloadBytes)
  }
}
