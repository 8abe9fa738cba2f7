import Windows

/// What runs for one kind of activity: ranges of the tables of operations and of judged rules.
struct KindPlan: BitwiseCopyable {
  var firstOperation: Int32
  var operationCount: Int32
  var firstRule: Int32
  var ruleCount: Int32
}

/// What one kind of activity does to one counter.
struct OperationPlan: BitwiseCopyable {
  /// Of the counter's definition; part of every key, so that counters never meet in one cell.
  var identity: Hash128
  var counter: Int32
  /// The readings that this kind's rules take of it.
  var firstReading: Int32
  var readingCount: Int32
  /// Indices into the table of group parts.
  var firstGroup: Int32
  var groupCount: Int32
  /// The part whose value is counted, or −1.
  var value: Int32
  /// The filter's program; an empty one lets everything pass.
  var filterStart: Int32
  var filterCount: Int32
  /// The counter counts this kind.
  var isFed: Bool
  /// The value is counted as a number, not told apart by its hash.
  var isNumeric: Bool
}

/// A field, or what is derived from it, as a key.
struct PartPlan: BitwiseCopyable, Hashable {
  enum Derivation: UInt8 {
    case text, number, address, prefix, domain
  }

  var slot: UInt8
  var derivation: Derivation
  var ipv4Bits: UInt8 = 0
  var ipv6Bits: UInt8 = 0
}

/// A rule as one kind of activity is judged by it; in the table the most severe come first.
struct JudgedRule: BitwiseCopyable {
  var rule: Int32
  var programStart: Int32
  var programCount: Int32
  var firstObservation: Int32
  var observationCount: Int32
  var effect: Effect
  /// Fires when the condition cannot be judged, not when it is true.
  var firesWhenUnknown: Bool
  /// The rule says elsewhere what happens when the condition cannot be judged.
  var hasOtherwise: Bool
}

/// A comparison of a counter with a constant.
struct ObservationPlan: BitwiseCopyable {
  var reading: Int32
  var threshold: Int64
}
