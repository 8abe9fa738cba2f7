import Testing
import Windows

/// What a window means, by example.
@Suite("The meaning of windows")
struct WindowSemanticsTests {
  let key = Hash128.numbered(1)

  @Test("a window of w at t covers (t−w, t], to the millisecond")
  func edges() throws {
    let table = try WindowTable(.count, capacity: 10, span: 100)
    table.observe(key, at: 1_000, spans: [])
    #expect(table.value(key, at: 1_099, .none, span: 100) == 1)
    #expect(table.value(key, at: 1_100, .none, span: 100) == 0)
  }

  @Test("events of the same millisecond count separately")
  func sameMillisecond() throws {
    let table = try WindowTable(.count, capacity: 10, span: 100)
    #expect((1...5).map { _ in table.value(key, at: 7, span: 1) } == [1, 2, 3, 4, 5])
  }

  @Test("a late event lands in its place")
  func late() throws {
    let table = try WindowTable(.count, capacity: 10, span: 100)
    table.observe(key, at: 1_000, spans: [])
    table.observe(key, at: 1_090, spans: [])
    #expect(table.observe(key, at: 1_010, spans: [100, 85, 80]).map(\.value) == [3, 2, 1])
    #expect(table.observe(key, at: 1_105, .none, spans: [100, 95]).map(\.value) == [2, 1])
  }

  @Test("a key's clock never runs backwards: a late reading is of the newest time recorded")
  func clock() throws {
    let table = try WindowTable(.count, capacity: 10, span: 100)
    table.observe(key, at: 1_000, spans: [])
    table.observe(key, at: 1_090, spans: [])
    #expect(table.value(key, at: 1_050, .none, span: 100) == 2)
    table.observe(key, at: 1_100, spans: [])
    #expect(table.value(key, at: 1_050, .none, span: 100) == 2)
  }

  @Test("an event later than the lateness, or later than every span, is not counted")
  func tooLate() throws {
    let strict = try WindowTable(.count, capacity: 10, span: 100, lateness: 5)
    strict.observe(key, at: 1_000, spans: [])
    #expect(strict.value(key, at: 994, span: 100) == 1)
    #expect(strict.value(key, at: 995, span: 100) == 2)
    let short = try WindowTable(.count, capacity: 10, span: 10, lateness: 50)
    short.observe(key, at: 1_000, spans: [])
    #expect(short.value(key, at: 990, span: 10) == 1)
    #expect(short.value(key, at: 991, span: 10) == 2)
  }

  @Test("as if reads what record would have, and changes nothing", arguments: WindowShape.Aggregate.allCases)
  func asIf(aggregate: WindowShape.Aggregate) throws {
    let table = try WindowTable(aggregate, capacity: 4)
    for step in 0..<20 {
      let before = table.exported()
      let asIf = table.observe(key, at: Int64(step) * 30, value: Int64(step % 3), .asIf, spans: [1_000, 50])
      _ = table.observe(key, at: Int64(step) * 30, value: 9, .none, spans: [1_000])
      #expect(table.exported() == before)
      let record = table.observe(key, at: Int64(step) * 30, value: Int64(step % 3), .record, spans: [1_000, 50])
      #expect(asIf == record)
    }
  }

  @Test("reading a key that is not there makes no key", arguments: WindowShape.Aggregate.allCases)
  func absent(aggregate: WindowShape.Aggregate) throws {
    let table = try WindowTable(aggregate, capacity: 4)
    #expect(table.observe(key, at: 5, value: 3, .none, spans: [10]) == [WindowReading()])
    #expect(table.observe(key, at: 5, value: 3, .asIf, spans: [10])[0].isPresent)
    #expect(table.count == 0)
  }

  @Test("at the capacity a count says at least", arguments: [3, 30])
  func atLeast(capacity: Int) throws {
    let table = try WindowTable(.count, capacity: capacity)
    for number in 1...capacity + 5 {
      let reading = table.observe(key, at: Int64(number), spans: [1_000])[0]
      #expect(reading.value == Int64(min(number, capacity)))
      #expect(reading.flags.contains(.atLeast) == (number >= capacity))
    }
  }

  @Test("of N calls at limit L exactly L pass, in whatever order they come", arguments: 1...20)
  func limit(limit: Int) throws {
    var generator = SplitMix64(seed: UInt64(limit))
    let table = try WindowTable(.count, capacity: limit + 1)
    var passed = 0
    for _ in 0..<200 {
      let time = Int64.random(in: 0..<500, using: &generator)
      let asked = table.observe(key, at: time, .asIf, spans: [1_000])[0]
      if asked.value <= Int64(limit) {
        passed += 1
        table.observe(key, at: time, spans: [])
      }
    }
    #expect(passed == limit)
  }

  @Test("a value seen again is not a new value, whichever time is newer", arguments: [3, 8])
  func distinct(capacity: Int) throws {
    let table = try WindowTable(.distinct, capacity: capacity, span: 100)
    #expect(table.value(key, at: 100, value: 7, span: 100) == 1)
    #expect(table.value(key, at: 110, value: 8, span: 100) == 2)
    #expect(table.value(key, at: 90, value: 8, span: 100) == 2)
    #expect(table.value(key, at: 205, value: 7, span: 100) == 2)
    #expect(table.value(key, at: 209, .none, span: 100) == 2)
    #expect(table.value(key, at: 210, .none, span: 100) == 1)
  }

  @Test("previous is the newest time before this event, if the span covers it")
  func previous() throws {
    let table = try WindowTable(.count, capacity: 2)
    #expect(table.observe(key, at: 100, spans: [50])[0].previousMilliseconds == -1)
    #expect(table.observe(key, at: 130, spans: [50, 30]).map(\.previousMilliseconds) == [100, -1])
    #expect(table.observe(key, at: 120, spans: [50])[0].previousMilliseconds == 130)
  }

  @Test("absurd times and spans are taken as the nearest sensible ones", arguments: WindowShape.Aggregate.allCases)
  func absurd(aggregate: WindowShape.Aggregate) throws {
    let table = try WindowTable(aggregate, capacity: 3)
    let times: [Int64] = [.min, -1, 0, 1, 253_402_300_799_999, 253_402_300_800_000, .max]
    for time in times + times.reversed() {
      table.observe(key, at: time, value: time, spans: [.min, -1, 0, 1, .max])
      #expect(table.violatedInvariant() == nil)
    }
    table.expire(before: .min, budget: .min)
    #expect(table.count == 1)
    table.expire(before: .max, budget: .max)
    #expect(table.count == 0)
  }

  @Test("events further apart than 32 bits of milliseconds count where a span reaches them", arguments: [1, 4, 7])
  func farApart(capacity: Int) throws {
    let day: Int64 = 86_400_000
    let start: Int64 = 1_790_000_000_000
    let short = try WindowTable(.count, capacity: capacity, span: 49 * day, lateness: 49 * day)
    let long = try WindowTable(.count, capacity: capacity, span: 120 * day, lateness: 49 * day)
    let times = [0, 48, 50, 99, 99, 200].map { start + $0 * day }
    let inShort = times.map { short.value(.numbered(1), at: $0, span: 49 * day) }
    let inLong = times.map { long.value(.numbered(1), at: $0, span: 120 * day) }
    #expect(inShort == [1, 2, 2, 1, 2, 1].map { min($0, Int64(capacity)) })
    #expect(inLong == [1, 2, 3, 4, 5, 3].map { min($0, Int64(capacity)) })
    #expect(short.value(.numbered(1), at: start + 152 * day, span: 49 * day) == min(2, Int64(capacity)))
    #expect(short.violatedInvariant() == nil && long.violatedInvariant() == nil)
  }
}
