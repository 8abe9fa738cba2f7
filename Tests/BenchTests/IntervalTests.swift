import Testing
import Wire

@testable import Bench

@Suite("An interval")
struct IntervalTests {
  private let window = Window(start: 1_000, length: 1_000)

  /// Counts an answer with `status` and `payload` to a call that began at `start`.
  private func count(
    _ interval: inout Interval, start: UInt64, now: UInt64, status: UInt32 = 0, payload: [UInt8] = [],
    isEvaluation: Bool = true
  ) throws {
    var table = CallTable(capacity: 1)
    let id = table.begin(at: start, isEvaluation: isEvaluation)
    let ended = table.end(id)
    let call = try #require(ended)
    let bytes = FrameHeader(.response, call: 1, value: status).frame(payload: payload)
    try bytes.withUnsafeBytes { buffer throws in
      let split = try Frame.split(buffer, maxPayloadBytes: 100)
      interval.countAnswer(try #require(split), to: call, at: now, in: window)
    }
  }

  @Test("counts latency by when a call began, and throughput by when its answer came")
  func measuredTime() throws {
    var warmup = Interval()
    try count(&warmup, start: 900, now: 1_100)
    #expect(warmup.completed == 1 && warmup.latency.count == 0 && warmup.status[0] == 0)
    var late = Interval()
    try count(&late, start: 1_900, now: 2_100)
    #expect(late.completed == 0 && late.latency.maximum == 200 && late.status[0] == 1)
    var outside = Interval()
    try count(&outside, start: 2_000, now: 2_100)
    #expect(outside == Interval())
  }

  @Test("reads a decision's outcome, absent or of a later contract, and no other call's")
  func outcomes() throws {
    var interval = Interval()
    for payload in [[], [0x08, 4], [0x08, 99], [0x22, 1, 65], [0x08]] as [[UInt8]] {
      try count(&interval, start: 1_000, now: 1_001, payload: payload)
    }
    try count(&interval, start: 1_000, now: 1_001, payload: [0x08, 2], isEvaluation: false)
    #expect(interval.outcomes == [3, 0, 0, 0, 1, 1])
  }

  @Test("keeps errors apart, also with a status it does not know")
  func errors() throws {
    var interval = Interval()
    try count(&interval, start: 1_000, now: 1_500, status: 14, payload: [0x08, 4])
    try count(&interval, start: 1_000, now: 1_600, status: 99)
    #expect(interval.errors == 2 && interval.latency.count == 0 && interval.completed == 0)
    #expect(interval.status[14] == 1 && interval.status[2] == 1 && interval.outcomes.allSatisfy { $0 == 0 })
  }

  @Test("counts what was waited for in vain with the time it was waited for")
  func unanswered() {
    var interval = Interval()
    interval.countUnanswered(since: 1_500, at: 9_500, in: window)
    interval.countUnanswered(since: 500, at: 9_500, in: window)
    #expect(interval.unanswered == 1 && interval.latency.maximum == 8_000)
  }

  @Test("merged is the sum, emptied is as good as new", arguments: Seed.all)
  func merging(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var (whole, left, right) = (Interval(), Interval(), Interval())
    for _ in 0..<500 {
      let (start, now) = (random.nextIndex(below: 2_500), 2_500 + random.nextIndex(below: 500))
      let status = UInt32(random.nextIndex(below: 3))
      try count(&whole, start: 1 + start, now: now, status: status, payload: [0x08, 3])
      if random.next() % 2 == 0 {
        try count(&left, start: 1 + start, now: now, status: status, payload: [0x08, 3])
      } else {
        try count(&right, start: 1 + start, now: now, status: status, payload: [0x08, 3])
      }
    }
    left.merge(right)
    #expect(left == whole, "seed \(seed)")
    left.removeAll()
    #expect(left == Interval(), "seed \(seed)")
  }
}
