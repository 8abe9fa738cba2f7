import Windows

/// Windows as plain as can be: every event is kept for ever and every reading looks at all of them. For tests of rules,
/// never for traffic.
struct PlainWindows {
  private struct Event {
    var time: Int64
    var value: Int64
  }

  private struct Key: Hashable {
    var counter: Int
    var group: Hash128
  }

  private var events: [Key: [Event]] = [:]

  /// Counts the activity if the operation says so, and reads one span of the key's events.
  mutating func record(_ operation: WindowOperation, of counter: Int) {
    guard operation.contribution == .record else { return }
    let key = Key(counter: counter, group: operation.key)
    events[key, default: []].append(Event(time: operation.time, value: operation.value))
  }

  /// What the window of length `span` holds that ends with the activity or with the key's newest event.
  func read(_ operation: WindowOperation, of counter: Int, span: Int64, shape: WindowShape) -> WindowReading {
    // A key's clock never runs backwards: a late activity reads the window of the newest one.
    let events = events[Key(counter: counter, group: operation.key)] ?? []
    let newest = events.map(\.time).max() ?? -1
    let end = max(operation.time, newest)
    let all = events.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    let inside = all.map(\.element).filter { $0.time > end - span }
    let values = inside.map(\.value)
    var reading = WindowReading(previousMilliseconds: inside.last?.time ?? -1, isPresent: !inside.isEmpty)
    switch shape.aggregate {
    case .count: reading.value = Int64(min(values.count, shape.capacity))
    case .distinct: reading.value = Int64(min(Set(values).count, shape.capacity))
    case .sum: reading.value = values.reduce(Int64(0)) { $0.addingSaturated($1) }
    case .average: reading.value = values.isEmpty ? 0 : Self.average(values)
    case .minimum: reading.value = values.min() ?? 0
    case .maximum: reading.value = values.max() ?? 0
    case .first: reading.value = values.first ?? 0
    case .last: reading.value = values.last ?? 0
    }
    let isCount = shape.aggregate == .count || shape.aggregate == .distinct
    if isCount, reading.value >= Int64(shape.capacity) { reading.flags.insert(.atLeast) }
    return reading
  }

  /// Rounded to the nearest, halves away from zero.
  private static func average(_ values: [Int64]) -> Int64 {
    let sum = values.reduce(Int64(0)) { $0.addingSaturated($1) }
    let (quotient, remainder) = sum.quotientAndRemainder(dividingBy: Int64(values.count))
    return 2 * remainder.magnitude >= UInt64(values.count) ? quotient + sum.signum() : quotient
  }
}
