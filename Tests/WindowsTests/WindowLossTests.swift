import Testing
import Windows

@Suite("What is given up for want of room is told")
struct WindowLossTests {
  private func flags(_ table: WindowTable, _ key: Int, at time: Int64, span: Int64) -> WindowReading.Flags {
    table.observe(.numbered(key), at: time, .none, spans: [span])[0].flags
  }

  @Test("a key that gave way and comes back is incomplete while its window reaches what went, and no longer")
  func evicted() throws {
    let table = try WindowTable(.count, capacity: 4, span: 1_000, maximumKeys: 1)
    table.observe(.numbered(1), at: 100, spans: [])
    table.observe(.numbered(2), at: 200, spans: [])
    #expect(table.evictedKeys == 1)
    #expect(flags(table, 1, at: 1_099, span: 1_000).contains(.incomplete))
    #expect(!flags(table, 1, at: 1_100, span: 1_000).contains(.incomplete))
    #expect(!flags(table, 1, at: 300, span: 200).contains(.incomplete))
    #expect(!flags(table, 2, at: 300, span: 1_000).contains(.incomplete), "it has lost nothing")
    let back = table.observe(.numbered(1), at: 300, spans: [1_000, 100])
    #expect(back.map(\.value) == [1, 1])
    #expect(back.map { $0.flags.contains(.incomplete) } == [true, false])
  }

  @Test("a count that has reached its capacity is no less for what was lost")
  func atCapacity() throws {
    let table = try WindowTable(.count, capacity: 2, span: 1_000, maximumKeys: 1)
    for key in [1, 2, 1, 1] { table.observe(.numbered(key), at: 100, spans: []) }
    #expect(flags(table, 1, at: 100, span: 1_000) == .atLeast)
  }

  @Test("no key that lost events is ever told to be whole", arguments: WindowShape.Aggregate.allCases)
  func neverSilent(aggregate: WindowShape.Aggregate) throws {
    var generator = SplitMix64(seed: 7)
    let (table, whole) = (
      try WindowTable(aggregate, capacity: 50, span: 500, maximumKeys: 20),
      try WindowTable(aggregate, capacity: 50, span: 500)
    )
    var (silent, marked, same) = (0, 0, 0)
    for step in 0..<6_000 {
      let key = Hash128.numbered(Int(generator.next() % 40))
      let value = Int64(generator.next() % 5)
      let seen = table.observe(key, at: Int64(step), value: value, spans: [500, 50])
      let truth = whole.observe(key, at: Int64(step), value: value, spans: [500, 50])
      for (seen, truth) in zip(seen, truth) {
        if seen.flags.contains(.incomplete) {
          marked += 1
        } else if seen.value != truth.value {
          silent += 1
        } else {
          same += 1
        }
      }
    }
    #expect(silent == 0 && marked > 0 && same > 0)
  }

  @Test("events that a sum has no room for are counted")
  func dropped() throws {
    let table = try WindowTable(.sum, capacity: 10, span: 1_000_000)
    for time in 1...25 { table.observe(.numbered(1), at: Int64(time), value: 1, spans: []) }
    #expect(table.droppedEvents == 15)
    #expect(flags(table, 1, at: 25, span: 1_000_000) == .incomplete)
    let short = try WindowTable(.sum, capacity: 10, span: 5)
    for time in 1...25 { short.observe(.numbered(1), at: Int64(time), value: 1, spans: []) }
    #expect(short.droppedEvents == 0, "no span covered what went")
  }

  @Test("a table that takes another's place knows what that one gave up", arguments: [1, 100_000, 40_000_000])
  func inherited(maximumKeys: Int) throws {
    let table = try WindowTable(.count, capacity: 4, span: 1_000, maximumKeys: 1)
    for key in 1...5 { table.observe(.numbered(key), at: 100, spans: []) }
    let next = try WindowTable(.count, capacity: 9, span: 1_000, maximumKeys: maximumKeys)
    next.inheritLosses(of: table)
    #expect(next.evictedKeys == 4)
    for key in 1...4 { #expect(flags(next, key, at: 200, span: 1_000) == .incomplete) }
    #expect(flags(next, 5, at: 200, span: 1_000) == [])
  }

  @Test("what has been given up is remembered in bounded memory")
  func memory() throws {
    let table = try WindowTable(.count, capacity: 4, maximumKeys: 1_000)
    for key in 0..<1_000 { table.observe(.numbered(key), at: 1, spans: []) }
    let full = table.bytes
    for key in 1_000..<50_000 { table.observe(.numbered(key), at: Int64(key), spans: []) }
    #expect(table.bytes < full + full / 4 + 1_024 * 8 + 64)
  }
}
