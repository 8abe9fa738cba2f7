import Testing

@testable import GatehouseClient

@Suite struct CallTimersTests {
  private let world = ManualWorld()
  private let fired = Log<Int>()

  private func timers() -> CallTimers {
    CallTimers(clock: world.environment.clock, makeAlarm: { world.makeAlarm($0) })
  }

  @discardableResult
  private func schedule(_ number: Int, on timers: CallTimers, after milliseconds: Int64) -> CallTimers.Handle? {
    timers.schedule(at: timers.now + milliseconds * 1_000_000) { [fired] in fired.append(number) }
  }

  @Test("timers fire in their order, none early, each at most two ticks late", arguments: Seeds.some)
  func order(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let timers = timers()
    var pending: [Int: Int] = [:]
    for time in 0..<800 {
      if Bool.random(using: &random) {
        let wait = Int.random(in: 1...1_500, using: &random)
        schedule(time, on: timers, after: Int64(wait))
        pending[time] = time + wait
      }
      let before = fired.entries.count
      world.advance(by: .milliseconds(1))
      for number in fired.entries.dropFirst(before) {
        let due = pending.removeValue(forKey: number)
        #expect(due.map { $0 <= time + 1 } == true, "early, or twice")
      }
      #expect(!pending.values.contains { $0 + 2 < time + 1 }, "late")
    }
    #expect(timers.count == pending.count)
  }

  @Test("a cancelled timer does not fire")
  func cancel() throws {
    let timers = timers()
    let first = try #require(schedule(1, on: timers, after: 5))
    schedule(2, on: timers, after: 5)
    timers.cancel(first)
    world.advance(by: .milliseconds(10))
    #expect(fired.entries == [2])
  }

  @Test("calls of one timeout that are answered in time cost one wake-up a timeout, not one each")
  func economy() throws {
    let timers = timers()
    for number in 0..<10_000 {
      let handle = try #require(schedule(number, on: timers, after: 50))
      world.advance(by: .microseconds(100))
      timers.cancel(handle)
    }
    // One second of time: twenty timeouts.
    #expect(world.rings <= 25, "\(world.rings)")
    #expect(fired.entries.isEmpty)
  }

  @Test("an earlier timer is not held up by a later one set before it")
  func earlier() {
    let timers = timers()
    schedule(1, on: timers, after: 5_000)
    schedule(2, on: timers, after: 3)
    world.advance(by: .milliseconds(5))
    #expect(fired.entries == [2])
    world.advance(by: .milliseconds(4_998))
    #expect(fired.entries == [2, 1])
  }

  @Test("a stopped clock runs at once what it was to run later")
  func stop() {
    let timers = timers()
    schedule(1, on: timers, after: 5_000)
    #expect(timers.stop().isEmpty)
    #expect(fired.entries == [1])
    #expect(schedule(2, on: timers, after: 5_000) == nil)
    #expect(fired.entries == [1, 2])
    #expect(timers.count == 0)
  }

  @Test("the far future overflows nothing")
  func farFuture() {
    let timers = timers()
    #expect(timers.deadline(after: .seconds(Int64.max)) == .max)
    #expect(timers.deadline(after: .seconds(-5)) == world.now)
    timers.schedule(at: .max) { [fired] in fired.append(1) }
    world.advance(by: .seconds(100))
    #expect(fired.entries.isEmpty)
  }
}
