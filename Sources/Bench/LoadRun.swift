import Foundation

/// One run: gets to know the server, loads it, and says what it found.
public struct LoadRun: Sendable {
  /// What was found, and the latencies behind it for `.hgrm`.
  public struct Outcome: Sendable {
    public var result: RunResult
    public var latency: Histogram
  }

  private let options: RunOptions
  private let interrupt: Interrupt
  private let report: @Sendable (Progress) -> Void

  /// `report` is told how it goes, about once a second, on the caller's thread.
  init(_ options: RunOptions, interrupt: Interrupt, report: @escaping @Sendable (Progress) -> Void) {
    self.options = options
    self.interrupt = interrupt
    self.report = report
  }

  /// Runs to the end; throws a connection error when it could not even begin.
  public func run() throws(BenchError) -> Outcome {
    if let rules = options.rulesFile { try ServerDescription.putInForce(rulesFile: rules, at: options.server) }
    let server = try ServerDescription.ask(options.server)
    let process = options.serverProcess.map { ServerProcess(id: $0) }
    if let process, process.usage() == nil { throw .file("/proc/\(process.id) cannot be read: is the server running?") }
    let startedAt = Int64(Date().timeIntervalSince1970 * 1000)
    let mailbox = Mailbox()
    let frames = RequestFrames(options, startedAt: startedAt, runID: .random(in: 0...UInt64.max))
    LoadThread.start(options, frames: frames, mailbox: mailbox, interrupt: interrupt)
    let record = try collect(mailbox, process)
    let workload = try RunResult.Workload(options, frames: frames)
    return Outcome(
      result: RunResult(record, options: options, workload: workload, server: server, startedAt: startedAt),
      latency: record.recorder.total.latency)
  }

  /// Everything that was collected.
  struct Record {
    var recorder: RunRecorder
    var first: ResourceSample
    var last: ResourceSample
    var failures: [String] = []
  }

  private func collect(_ mailbox: Mailbox, _ process: ServerProcess?) throws(BenchError) -> Record {
    let sample = ResourceSample.take(of: process)
    let steps = options.step.map { Int($0.inSeconds.rounded()) }
    var record = Record(
      recorder: RunRecorder(duration: options.duration.inSeconds, stepSeconds: steps), first: sample, last: sample)
    report(.warmingUp)
    while true {
      for message in mailbox.receive() {
        switch message {
        case .measuring:
          record.first = ResourceSample.take(of: process)
          record.recorder.begin(record.first)
        case .interval(let interval):
          record.last = ResourceSample.take(of: process)
          report(.second(interval, of: options.duration.inSeconds))
          if let step = record.recorder.add(interval, record.last) { report(.step(step)) }
          mailbox.giveBack(interval)
        case .failed(let error): throw error
        case .finished(let end):
          record.failures = end.failures
          return record
        }
      }
    }
  }
}
