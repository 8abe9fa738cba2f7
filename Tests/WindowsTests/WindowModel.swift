import Windows

/// The slow and obvious window: keeps every event that was ever accepted and computes each reading from all of them.
struct WindowModel {
  struct Event {
    var time: Int64
    var value: Int64
    /// Of all events of the key, the how manieth it was to be recorded.
    var order: Int
  }

  /// What a reading must be; `isExact` is false where a cell may have had to drop an event that matters.
  struct Expectation {
    var reading: WindowReading
    var isExact = true
  }

  let shape: WindowShape
  var events: [Hash128: [Event]] = [:]

  init(shape: WindowShape) {
    self.shape = shape
  }

  func newest(_ key: Hash128) -> Int64 {
    events[key]?.map(\.time).max() ?? -1
  }

  mutating func observe(
    _ key: Hash128, at time: Int64, value: Int64, _ contribution: WindowContribution, spans: [Int64]
  ) -> [Expectation] {
    let past = events[key] ?? []
    let newest = newest(key)
    let clock = max(time, newest)
    let isTimely = clock - time <= shape.latenessMilliseconds && time > clock - shape.longestSpanMilliseconds
    let event = Event(time: time, value: value, order: past.count)
    let counts = contribution != .none && isTimely
    let expectations = spans.map { span in
      let edge = clock - span
      var expectation = expect(past.filter { $0.time > edge }, counts && time > edge ? event : nil)
      expectation.reading.previousMilliseconds = newest > edge ? newest : -1
      return expectation
    }
    if counts && contribution == .record { events[key, default: []].append(event) }
    return expectations
  }

  private func expect(_ past: [Event], _ event: Event?) -> Expectation {
    guard !past.isEmpty || event != nil else { return Expectation(reading: WindowReading()) }
    let all = past + (event.map { [$0] } ?? [])
    switch shape.aggregate {
    case .count: return counted(all.count)
    case .distinct: return counted(Set(all.map(\.value)).count)
    case .minimum, .maximum:
      let values = all.map(\.value)
      let extreme = (shape.aggregate == .minimum ? values.min() : values.max()) ?? 0
      return Expectation(
        reading: WindowReading(value: extreme, isPresent: true), isExact: past.count <= shape.capacity)
    case .last:
      return Expectation(reading: WindowReading(value: all.max(by: isBefore)?.value ?? 0, isPresent: true))
    case .sum, .average, .first:
      let kept = past.count > shape.capacity ? past.sorted(by: isBefore).suffix(shape.capacity) : past[...]
      var reading = valued(kept + (event.map { [$0] } ?? []))
      if past.count > shape.capacity { reading.flags.insert(.incomplete) }
      return Expectation(reading: reading)
    }
  }

  private func counted(_ number: Int) -> Expectation {
    let flags: WindowReading.Flags = number >= shape.capacity ? .atLeast : []
    let value = Int64(min(number, shape.capacity))
    return Expectation(reading: WindowReading(value: value, isPresent: true, flags: flags))
  }

  private func valued(_ events: some Collection<Event>) -> WindowReading {
    let total = events.reduce(Int128(0)) { $0 + Int128($1.value) }
    switch shape.aggregate {
    case .first: return WindowReading(value: events.min(by: isBefore)?.value ?? 0, isPresent: true)
    case .average:
      let doubled = total.magnitude * 2 + UInt128(events.count)
      let rounded = Int128(doubled / (2 * UInt128(events.count))) * total.signum()
      return WindowReading(value: Int64(rounded), isPresent: true)
    default:
      let value = Int64(clamping: total)
      return WindowReading(value: value, isPresent: true, flags: Int128(value) == total ? [] : .saturated)
    }
  }

  private func isBefore(_ left: Event, _ right: Event) -> Bool {
    (left.time, left.order) < (right.time, right.order)
  }
}
