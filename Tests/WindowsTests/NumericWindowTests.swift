import Testing
import Windows

/// Sums, averages, extremes, first and last, by example.
@Suite("Numeric windows")
struct NumericWindowTests {
  let key = Hash128.numbered(2)

  @Test("a sum beyond Int64 saturates, says so, and recovers")
  func saturation() throws {
    let table = try WindowTable(.sum, capacity: 100, span: 100)
    table.observe(key, at: 1, value: .max, spans: [])
    let over = table.observe(key, at: 2, value: 1, spans: [100])[0]
    #expect(over.value == .max && over.flags == .saturated)
    let back = table.observe(key, at: 3, value: -2, spans: [100])[0]
    #expect(back.value == .max - 1 && back.flags == [])
    for time in 4...6 { table.observe(key, at: Int64(time), value: .min, spans: []) }
    let under = table.observe(key, at: 7, .none, spans: [100, 2])
    #expect(under[0].value == .min && under[0].flags == .saturated)
    #expect(under[1].value == .min && under[1].flags == [])
  }

  @Test("an average is rounded to the nearest, halves away from zero")
  func average() throws {
    for (values, average) in [
      ([1, 2], 2), ([-1, -2], -2), ([1, 1, 2], 1), ([-1, -1, -2], -1), ([1, 2, 2], 2), ([Int64.max, .max, .max], .max),
      ([.min, .min], .min), ([.max, .min], -1),
    ] as [([Int64], Int64)] {
      let table = try WindowTable(.average, capacity: 10)
      for value in values { table.observe(key, at: 5, value: value, spans: []) }
      #expect(table.value(key, at: 5, .none, span: 10) == average, "\(values)")
    }
  }

  @Test("when a key has more events than are kept, readings that miss some say so")
  func incomplete() throws {
    let table = try WindowTable(.sum, capacity: 4, span: 100)
    for time in 1...6 { table.observe(key, at: Int64(time), value: 10, spans: []) }
    let readings = table.observe(key, at: 6, .none, spans: [100, 4, 5])
    #expect(readings.map(\.value) == [40, 40, 40])
    #expect(readings.map(\.flags) == [.incomplete, [], .incomplete])
    #expect(table.observe(key, at: 103, value: 1, .none, spans: [100])[0].flags == [])
  }

  @Test("an extreme passes on to the next when it leaves the span")
  func extremes() throws {
    let maximum = try WindowTable(.maximum, capacity: 50, span: 10)
    let minimum = try WindowTable(.minimum, capacity: 50, span: 10)
    for (time, value) in [(1, 5), (2, 9), (3, 7), (4, 1), (5, 3)] as [(Int64, Int64)] {
      maximum.observe(key, at: time, value: value, spans: [])
      minimum.observe(key, at: time, value: value, spans: [])
    }
    #expect((11...15).map { maximum.value(key, at: $0, .none, span: 10) } == [9, 7, 3, 3, 0])
    #expect((11...15).map { minimum.value(key, at: $0, .none, span: 10) } == [1, 1, 1, 3, 0])
    #expect(!maximum.observe(key, at: 15, .none, spans: [10])[0].isPresent)
  }

  @Test("first and last go by time, and by arrival within a millisecond")
  func firstAndLast() throws {
    let first = try WindowTable(.first, capacity: 50)
    let last = try WindowTable(.last, capacity: 1)
    for (time, value) in [(20, 1), (20, 2), (10, 3), (10, 4), (30, 5), (30, 6), (25, 7)] as [(Int64, Int64)] {
      first.observe(key, at: time, value: value, spans: [])
      last.observe(key, at: time, value: value, spans: [])
    }
    #expect(first.observe(key, at: 30, .none, spans: [100, 20, 10, 1]).map(\.value) == [3, 1, 7, 5])
    #expect(last.value(key, at: 31, .none, span: 100) == 6)
  }
}
