import Testing
import Windows

@Suite("Growth, expiry and eviction")
struct WindowGrowthTests {
  @Test("a table holds every key through growth and splits", arguments: [1, 4, 6, 40])
  func growth(capacity: Int) throws {
    let table = try WindowTable(.count, capacity: capacity)
    for number in 0..<12_000 {
      table.observe(.numbered(number), at: Int64(number % 7), spans: [])
      if number % 1_500 == 0 { #expect(table.violatedInvariant() == nil) }
    }
    #expect(table.violatedInvariant() == nil)
    #expect(table.count == 12_000)
    let found = (0..<13_000).count { table.value(.numbered($0), at: 7, .none, span: 1_000) == 1 }
    #expect(found == 12_000)
  }

  @Test("keys are forgotten when no event in time could see them, and not a millisecond before")
  func expiry() throws {
    let table = try WindowTable(.count, capacity: 9, span: 100, lateness: 50)
    for number in 0..<3_000 { table.observe(.numbered(number), at: Int64(1_000 + number % 3), spans: []) }
    for number in 0..<3_000 where number % 9 == 0 {
      for _ in 0..<8 { table.observe(.numbered(number), at: Int64(1_000 + number % 3), spans: []) }
    }
    #expect(table.expire(before: 1_150, budget: .max) == 0)
    for (now, left) in [(1_151, 2_000), (1_152, 1_000), (1_153, 0)] as [(Int64, Int)] {
      #expect(table.expire(before: now, budget: .max) == 1_000)
      #expect(table.count == left)
      #expect(table.violatedInvariant() == nil)
    }
  }

  @Test("a sweep in small steps forgets all, looks at few slots a step, and gives memory back")
  func incrementalSweep() throws {
    let table = try WindowTable(.count, capacity: 4, span: 100, lateness: 0)
    for number in 0..<10_000 { table.observe(.numbered(number), at: 1, spans: []) }
    let full = table.bytes
    var steps = 0
    while table.count > 0 {
      #expect(table.expire(before: 1_000, budget: 64) <= 64 + 1_200)
      steps += 1
      if steps > 1_000 { break }
    }
    #expect(table.count == 0)
    #expect(steps > 100)
    #expect(table.bytes * 5 < full)
    #expect(table.violatedInvariant() == nil)
  }

  @Test("a sweep goes on while keys come and go", arguments: 0..<3)
  func sweepUnderTraffic(round: Int) throws {
    let table = try WindowTable(.distinct, capacity: 5, span: 50, lateness: 10)
    var most = 0
    for step in 0..<20_000 {
      table.observe(.numbered(step + round * 1_000_000), at: Int64(step), value: 1, spans: [])
      table.expire(before: Int64(step), budget: 16)
      most = max(most, table.count)
    }
    #expect(most < 400)
    #expect(table.violatedInvariant() == nil)
  }

  @Test("at the cap a new key takes the place of a quiet one, and that is counted", arguments: [1, 2, 50, 3_000])
  func eviction(cap: Int) throws {
    let table = try WindowTable(.count, capacity: 9, maximumKeys: cap)
    for number in 0..<cap * 3 + 5 {
      for _ in 0..<(number % 50 == 0 ? 7 : 1) {
        table.observe(.numbered(number), at: Int64(number), spans: [])
      }
      if number % 500 == 0 { #expect(table.violatedInvariant() == nil) }
      #expect(table.value(.numbered(number), at: Int64(number), .none, span: 1) > 0)
    }
    #expect(table.count == cap)
    #expect(table.evictedKeys == UInt64(cap * 2 + 5))
    #expect(table.violatedInvariant() == nil)
  }

  @Test("a flood of new keys leaves the busy ones")
  func flood() throws {
    let table = try WindowTable(.count, capacity: 4, span: 1_000_000, maximumKeys: 1_000)
    for step in 0..<20_000 {
      table.observe(.numbered(-1 - step % 100), at: Int64(step), spans: [])
      table.observe(.numbered(step), at: Int64(step), spans: [])
    }
    let survivors = (1...100).count { table.value(.numbered(-$0), at: 20_000, .none, span: 1_000_000) == 4 }
    #expect(survivors == 100)
  }

  @Test("keys that are no hashes are slow or evicted, never lost count of, and cost bounded memory")
  func badKeys() throws {
    let table = try WindowTable(.count, capacity: 9)
    for number in 0..<2_500 {
      let key = Hash128(high: number % 2 == 0 ? 0 : .max, low: .max - UInt64(number / 2))
      for _ in 0..<(number % 100 == 0 ? 6 : 1) { table.observe(key, at: Int64(number), spans: []) }
      #expect(table.value(key, at: Int64(number), .none, span: 1) > 0)
      if number % 250 == 0 { #expect(table.violatedInvariant() == nil) }
    }
    #expect(table.violatedInvariant() == nil)
    #expect(UInt64(table.count) + table.evictedKeys >= 2_499)
    #expect(table.bytes < 2_500 * 300)
  }
}
