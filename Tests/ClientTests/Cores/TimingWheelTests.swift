import Testing

@testable import GatehouseClient

@Suite struct TimingWheelTests {
  @Test("a timer is never early and at most a tick late")
  func precision() {
    var wheel = TimingWheel<Int>(tickNanoseconds: 10, slotBits: 3, startingAt: 0)
    _ = wheel.insert(1, at: 25)
    var due: [Int] = []
    wheel.expire(upTo: 24, into: &due)
    #expect(due.isEmpty)
    wheel.expire(upTo: 35, into: &due)
    #expect(due == [1])
    #expect(wheel.count == 0)
  }

  @Test("timers many turns away wait for their turn")
  func turns() {
    var wheel = TimingWheel<Int>(tickNanoseconds: 1, slotBits: 2, startingAt: 0)
    _ = wheel.insert(1, at: 3)
    _ = wheel.insert(2, at: 7)
    _ = wheel.insert(3, at: 11)
    var due: [Int] = []
    for (time, expected) in [(3, [1]), (6, [1]), (7, [1, 2]), (11, [1, 2, 3])] as [(Int64, [Int])] {
      wheel.expire(upTo: time, into: &due)
      #expect(due == expected)
    }
  }

  @Test("a cancelled timer does not fire, and its handle cancels nothing else")
  func generations() {
    var wheel = TimingWheel<String>(tickNanoseconds: 1, slotBits: 4, startingAt: 0)
    let first = wheel.insert("first", at: 5)
    #expect(wheel.remove(first) == "first")
    let second = wheel.insert("second", at: 5)
    #expect(wheel.remove(first) == nil)
    var due: [String] = []
    wheel.expire(upTo: 5, into: &due)
    #expect(due == ["second"])
    #expect(wheel.remove(second) == nil)
  }

  @Test("next expiry leads to every timer without a look at each tick")
  func nextExpiry() {
    var wheel = TimingWheel<Int>(tickNanoseconds: 1, slotBits: 3, startingAt: 0)
    #expect(wheel.nextExpiry() == nil)
    _ = wheel.insert(1, at: 100)
    var due: [Int] = []
    var looks = 0
    while due.isEmpty, let time = wheel.nextExpiry() {
      looks += 1
      wheel.expire(upTo: time, into: &due)
      #expect(due.isEmpty || time == 100)
    }
    #expect(due == [1])
    #expect(looks <= 100 / 8 + 1)
  }

  /// The wheel against a list that is searched: same timers out at the same times.
  @Test("any history agrees with a plain list", arguments: Seeds.some)
  func model(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let tick = Int64.random(in: 1...7, using: &random)
    var now = Int64.random(in: 0...50, using: &random)
    var wheel = TimingWheel<Int>(
      tickNanoseconds: tick, slotBits: Int.random(in: 1...5, using: &random), startingAt: now)
    var pending: [(id: Int, time: Int64, handle: TimingWheel<Int>.Handle)] = []
    for id in 0..<1_500 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0, 1:
        let time = now + Int64.random(in: -20...400, using: &random)
        pending.append((id, max(time, now), wheel.insert(id, at: time)))
      case 2:
        guard let index = pending.indices.randomElement(using: &random) else { continue }
        let gone = pending.remove(at: index)
        #expect(wheel.remove(gone.handle) == gone.id)
      default:
        now += Int64.random(in: 0...60, using: &random)
        var due: [Int] = []
        wheel.expire(upTo: now, into: &due)
        let fired = Set(due)
        #expect(fired.count == due.count)
        #expect(!pending.contains { $0.time > now && fired.contains($0.id) }, "early")
        #expect(!pending.contains { $0.time <= now - 2 * tick && !fired.contains($0.id) }, "late")
        pending.removeAll { fired.contains($0.id) }
      }
      #expect(wheel.count == pending.count)
    }
    #expect(Set(wheel.removeAll()) == Set(pending.map(\.id)))
    #expect(wheel.count == 0 && wheel.nextExpiry() == nil)
  }
}
