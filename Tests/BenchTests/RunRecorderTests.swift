import Testing

@testable import Bench

@Suite("What is recorded")
struct RunRecorderTests {
  private func interval(_ second: Int, latencies: [UInt64], completed: UInt64? = nil) -> Interval {
    var interval = Interval()
    interval.second = second
    for latency in latencies { interval.latency.record(latency) }
    interval.completed = completed ?? UInt64(latencies.count)
    return interval
  }

  private func sample(_ seconds: UInt64, resident: UInt64 = 0) -> ResourceSample {
    ResourceSample(
      time: seconds * 1_000_000_000, harnessCPUNanoseconds: seconds * 500_000_000,
      server: ServerProcess.Usage(
        cpuNanoseconds: seconds * 250_000_000, residentBytes: resident, peakResidentBytes: resident))
  }

  @Test("makes a timeline of whole seconds and totals of everything")
  func timeline() {
    var recorder = RunRecorder(duration: 2.5, stepSeconds: nil)
    _ = recorder.add(interval(0, latencies: [1_000, 3_000]), sample(1))
    _ = recorder.add(interval(1, latencies: [2_000]), sample(2))
    _ = recorder.add(interval(2, latencies: [9_000], completed: 0), sample(3))
    #expect(recorder.timeline.map(\.second) == [0, 1])
    #expect(recorder.timeline.map(\.requests) == [2, 1])
    #expect(recorder.timeline[0].max == 3)
    #expect(recorder.total.latency.count == 4 && recorder.total.completed == 3)
    #expect(recorder.steps.isEmpty)
  }

  @Test("closes a step when its seconds are over, the last with the run")
  func steps() throws {
    var recorder = RunRecorder(duration: 5, stepSeconds: 2)
    recorder.begin(sample(0))
    var closed: [Int] = []
    for second in 0..<5 {
      let step = recorder.add(
        interval(second, latencies: Array(repeating: UInt64(second + 1) * 1_000, count: 10)),
        sample(UInt64(second) + 1, resident: UInt64(second)))
      if step != nil { closed.append(second) }
    }
    #expect(recorder.add(interval(5, latencies: [7]), sample(6)) == nil)
    #expect(closed == [1, 3, 4])
    #expect(recorder.steps.map(\.from) == [0, 2, 4] && recorder.steps.map(\.to) == [2, 4, 5])
    #expect(recorder.steps.map { $0.figures[.requestsPerSecond] } == [10, 10, 10])
    #expect(recorder.steps.map { $0.figures[.max] } == [2, 4, 5])
    #expect(recorder.steps.map { $0.figures[.serverResident] } == [1, 3, 4])
    #expect(recorder.steps.allSatisfy { $0.figures[.serverCPU] == 0.25 && $0.figures[.harnessCPU] == 0.5 })
    #expect(recorder.steps[0].figures[.serverCPUPerRequest] == 25_000_000)
  }

  @Test("counts what nobody answered as errors, and their share of all")
  func shares() {
    var total = interval(0, latencies: [1, 2, 3])
    total.unanswered = 1
    total.errorLatency.record(5)
    var figures = Figures()
    figures.setCounts(total, seconds: 2)
    #expect(figures[.errorShare] == 0.5)
    #expect(figures[.requestsPerSecond] == 2)
  }
}

@Suite("Whether a run is valid")
struct ValidityTests {
  private func total(due: UInt64 = 1_000, sent: UInt64 = 1_000, lag: UInt64 = 10_000) -> Interval {
    var total = Interval()
    total.completed = 1
    total.due = due
    total.sent = sent
    for _ in 0..<100 { total.lag.record(lag) }
    return total
  }

  private func objections(_ total: Interval, rate: Double? = 1_000) -> [String] {
    var options = RunOptions()
    options.rate = rate
    options.duration = .seconds(1)
    return Validity.objections(total, options: options, failures: [])
  }

  @Test("an open loop within 1 % of its rate and 1 ms of lag is")
  func valid() {
    #expect(objections(total(sent: 990, lag: 999_000)).isEmpty)
  }

  @Test("an open loop that sent less is not")
  func rate() {
    #expect(objections(total(sent: 989)).count == 1)
    #expect(objections(total(sent: 989))[0].hasPrefix("only 989 of 1,000 calls a second could be sent"))
  }

  @Test("an open loop that was itself late is not")
  func lag() {
    #expect(objections(total(lag: 1_100_000)).count == 1)
    #expect(objections(total(lag: 1_100_000))[0].hasPrefix("the harness itself was late by"))
  }

  @Test("a closed loop has neither rate nor lag to keep")
  func closed() {
    #expect(objections(total(sent: 1, lag: 1 << 40), rate: nil).isEmpty)
  }
}
