import Testing

@testable import GatehouseClient

@Suite struct RecordQueueTests {
  private var random = SplitMix64(seed: 3)
  private let backoff = Backoff(base: .nanoseconds(100), cap: .nanoseconds(1_000))

  private func queue(count: Int = 4, bytes: Int = 100, inFlight: Int = 2) -> RecordQueue {
    RecordQueue(limits: .init(count: count, bytes: bytes, inFlight: inFlight), backoff: backoff)
  }

  @Test("what does not fit by number is dropped and counted, the newest first")
  func count() {
    var queue = queue()
    #expect((0..<7).map { queue.offer([UInt8($0)]) } == [true, true, true, true, false, false, false])
    #expect(queue.dropped == 3)
    #expect(queue.take()?.bytes == [0])
    #expect(queue.offer([9]) == false, "in flight counts too")
  }

  @Test("what does not fit by bytes is dropped and counted")
  func bytes() {
    var queue = queue(bytes: 10)
    #expect(queue.offer([UInt8](repeating: 1, count: 8)) == true)
    #expect(queue.offer([1, 2, 3]) == false)
    #expect(queue.offer([1, 2]) == true)
    #expect(queue.dropped == 1)
  }

  @Test("no more than the window are in flight, in order")
  func window() throws {
    var queue = queue()
    for value in 0..<4 { _ = queue.offer([UInt8(value)]) }
    let first = try required(queue.take())
    #expect(queue.take()?.sequence == 2)
    #expect(queue.take() == nil)
    #expect(queue.settle(first, as: .delivered).isEmpty)
    #expect(queue.take()?.sequence == 3)
  }

  @Test("after a failure it pauses, then sends one until one succeeds")
  mutating func pause() throws {
    var queue = queue()
    for value in 0..<4 { _ = queue.offer([UInt8(value)]) }
    let first = try required(queue.take())
    let second = try required(queue.take())
    let end = try required(queue.putBack(second, leastNanoseconds: 500, now: 1_000, using: &random))
    #expect((1_500...1_600).contains(end))
    #expect(queue.putBack(first, leastNanoseconds: 0, now: 1_000, using: &random) == nil, "one pause at a time")
    #expect(queue.take() == nil)
    queue.resume(now: end - 1)
    #expect(queue.take() == nil)
    queue.resume(now: end)
    let probe = try required(queue.take())
    #expect(probe == first, "the oldest first")
    #expect(queue.take() == nil, "one probe")
    _ = queue.settle(probe, as: .delivered)
    #expect(queue.take() == second)
    #expect(queue.take()?.sequence == 3)
  }

  @Test("a flush waits for what was accepted before it and for nothing else")
  func flush() throws {
    var queue = queue()
    #expect(queue.beginFlush() == nil)
    _ = queue.offer([1])
    _ = queue.offer([2])
    let flush = try required(queue.beginFlush())
    _ = queue.offer([3])
    let first = try required(queue.take())
    let second = try required(queue.take())
    #expect(queue.settle(second, as: .refused).isEmpty)
    #expect(queue.settle(first, as: .delivered) == [flush])
    #expect(queue.endFlush(flush) == nil)
    let late = try required(queue.beginFlush())
    #expect(queue.endFlush(late) == 1)
  }

  @Test("abandoning gives up what waits, counts it, and ends the flushes")
  func abandon() throws {
    var queue = queue()
    for value in 0..<3 { _ = queue.offer([UInt8(value)]) }
    let taken = try required(queue.take())
    let flush = try required(queue.beginFlush())
    #expect(queue.close().isEmpty == true)
    #expect(queue.abandoned == 2)
    #expect(queue.settle(taken, as: .delivered) == [flush])
    #expect(queue.pending == 0)
  }

  @Test("no history loses a record, doubles one, or breaks a bound", arguments: Seeds.some)
  mutating func histories(seed: UInt64) {
    random = SplitMix64(seed: seed)
    var queue = queue(count: 40, bytes: 200, inFlight: 5)
    var now: Int64 = 0
    var inFlight: [RecordQueue.Record] = []
    var expected: Set<UInt64> = []
    for _ in 0..<3_000 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        let size = Int.random(in: 0...9, using: &random)
        if queue.offer([UInt8](repeating: 7, count: size)) { expected.insert(queue.accepted) }
      case 2, 3:
        if let record = queue.take() { inFlight.append(record) }
      case 4 where !inFlight.isEmpty:
        let record = inFlight.remove(at: Int.random(in: 0..<inFlight.count, using: &random))
        if Bool.random(using: &random) {
          _ = queue.settle(record, as: Bool.random(using: &random) ? .delivered : .refused)
          #expect(expected.remove(record.sequence) != nil, "settled twice or never offered")
        } else {
          _ = queue.putBack(record, leastNanoseconds: 0, now: now, using: &random)
        }
      default:
        now += 200
        queue.resume(now: now)
      }
      #expect(queue.holds)
      #expect(queue.pending == expected.count)
    }
  }
}
