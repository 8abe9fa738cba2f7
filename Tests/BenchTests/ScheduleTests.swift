import Testing

@testable import Bench

@Suite("A schedule")
struct ScheduleTests {
  @Test("at a constant rate is exact after a million calls")
  func constant() {
    var schedule = Schedule(rate: 300_000, arrival: .constant, seed: 1)
    #expect(schedule.next == 0)
    for _ in 0..<1_000_000 { schedule.advance() }
    #expect(abs(Int64(schedule.next) - 3_333_333_333) <= 10)
  }

  @Test("of a Poisson process has the rate's mean and as much deviation")
  func poisson() {
    var schedule = Schedule(rate: 1_000, arrival: .poisson, seed: 9)
    var previous: UInt64 = 0
    let gaps = (0..<100_000).map { _ in
      defer { schedule.advance() }
      defer { previous = schedule.next }
      return Double(schedule.next - previous)
    }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(mean / 1e6 - 1) < 0.02)
    #expect(abs(variance.squareRoot() / 1e6 - 1) < 0.02)
  }

  @Test(
    "is kept by waking early: 20 µs, at high rates a quarter of the interval, before long sleeps more",
    arguments: [
      (50_000, 1_000_000, 30_000), (11_000, 11_000, 8_250), (2_000, 11_000, 0), (10_000, 1_000_000, 0),
      (1_024_000_000, 1_024_000_000, 1_022_000_000),
    ] as [(UInt64, UInt64, UInt64)])
  func waking(gap: UInt64, interval: UInt64, sleep: UInt64) {
    let now: UInt64 = 1 << 40
    #expect(LoadLoop.wakeTime(now + gap, now: now, interval: interval) == now + sleep)
    #expect(LoadLoop.wakeTime(now, now: now + 5, interval: interval) == now + 5)
  }

  @Test("is replayed by a copy", arguments: [Schedule.Arrival.constant, .poisson])
  func replay(arrival: Schedule.Arrival) {
    var first = Schedule(rate: 12_345, arrival: arrival, seed: 4)
    var second = first
    for _ in 0..<1_000 {
      first.advance()
      second.advance()
      #expect(first.next == second.next)
    }
  }
}
