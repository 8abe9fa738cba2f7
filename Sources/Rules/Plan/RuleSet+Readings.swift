extension RuleSet {
  /// A counter over a window.
  public struct CounterReading: Hashable, Sendable {
    public let counter: CounterPlan
    public let windowMilliseconds: Int64
  }

  /// What the rules of a kind of activity read, in the order of the counters, then of the windows.
  public func readings(of kind: Int32) -> [CounterReading] {
    kindReadings[Int(kind)].map { reading in
      CounterReading(counter: counters[Int(readingCounters[reading])], windowMilliseconds: spans[reading])
    }
  }
}
