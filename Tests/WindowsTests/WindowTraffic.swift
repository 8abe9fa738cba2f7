import Testing
import Windows

/// Random traffic from a seed, driven through a table and the model side by side.
struct WindowTraffic {
  let seed: UInt64
  var generator: SplitMix64
  var table: WindowTable
  var model: WindowModel
  let keys: [Hash128]
  let spans: [Int64]
  let values: [Int64]
  /// The most milliseconds from one event to the next.
  let pace: Int64
  var now: Int64 = 1_700_000_000_000

  init(
    _ aggregate: WindowShape.Aggregate, capacity: Int, keys: Int, pace: Int64 = 40,
    longestSpan: ClosedRange<Int64> = 1...2_000, seed: UInt64
  ) throws {
    self.seed = seed
    self.pace = pace
    generator = SplitMix64(seed: seed)
    let longest = Int64.random(in: longestSpan, using: &generator)
    var spans: [Int64] = [longest, 1]
    for _ in 0..<2 { spans.append(Int64.random(in: 1...longest, using: &generator)) }
    self.spans = spans
    let shape = try WindowShape(
      aggregate: aggregate, capacity: capacity, longestSpanMilliseconds: longest,
      latenessMilliseconds: generator.chance(20) ? 0 : Int64.random(in: 0...longest * 2, using: &generator))
    table = WindowTable(shape: shape, maximumKeys: .max)
    model = WindowModel(shape: shape)
    self.keys = (0..<keys).map { Hash128.numbered($0) }
    values = Self.values(&generator)
  }

  /// Few small values that repeat, many, or ones near the ends of Int64, whose sums saturate.
  private static func values(_ generator: inout SplitMix64) -> [Int64] {
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: [-2, -1, 0, 1, 2, 3]
    case 1: (0..<200).map { _ in Int64.random(in: -1_000_000...1_000_000, using: &generator) }
    default: [.min, .min + 1, .max, .max - 1, -1, 0, 1, .max / 2, .min / 2]
    }
  }

  /// One observation: mostly in order, sometimes in the same millisecond, sometimes late, up to the lateness.
  mutating func step() {
    if generator.chance(70) { now += Int64.random(in: 0...pace, using: &generator) }
    if generator.chance(1) { now += Int64.random(in: 0...pace * 75, using: &generator) }
    let key = keys[Int.random(in: 0..<keys.count, using: &generator)]
    let lateness = table.shape.latenessMilliseconds
    let delay = generator.chance(30) ? Int64.random(in: 0...lateness, using: &generator) : 0
    let value = values[Int.random(in: 0..<values.count, using: &generator)]
    let contribution: WindowContribution = generator.chance(70) ? .record : generator.chance(50) ? .asIf : .none
    let expected = model.observe(key, at: now - delay, value: value, contribution, spans: spans)
    let readings = table.observe(key, at: now - delay, value: value, contribution, spans: spans)
    for (index, expectation) in expected.enumerated() {
      check(readings[index], expectation, "span \(spans[index]), time \(now - delay), \(contribution)")
    }
  }

  /// Records events of the first key, in order or out of it, without a look at the readings.
  mutating func fill(_ events: Int) {
    for _ in 0..<events {
      now += Int64.random(in: 0...1, using: &generator)
      let time = now - Int64.random(in: 0...min(20, table.shape.latenessMilliseconds), using: &generator)
      let value = values[Int.random(in: 0..<values.count, using: &generator)]
      _ = model.observe(keys[0], at: time, value: value, .record, spans: [])
      table.observe(keys[0], at: time, value: value, .record, spans: [])
    }
  }

  private func check(_ reading: WindowReading, _ expectation: WindowModel.Expectation, _ context: String) {
    if !expectation.isExact && reading.flags.contains(.incomplete) { return }
    #expect(reading == expectation.reading, "seed \(seed), capacity \(table.shape.capacity), \(context)")
  }

  /// Sweeps a part of the table; events that come later than the lateness are refused before they get here.
  mutating func expire() {
    table.expire(before: now, budget: Int.random(in: 0...100, using: &generator))
  }

  func checkInvariants() {
    let violation = table.violatedInvariant()
    #expect(violation == nil, "seed \(seed)")
  }
}
