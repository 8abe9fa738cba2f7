import Windows

/// What runs for one kind of activity: ranges of the tables of operations and of judged rules.
struct KindPlan: BitwiseCopyable {
  var firstOperation: Int32
  var operationCount: Int32
  var firstRule: Int32
  var ruleCount: Int32
  /// Parts that the rules need hashed though no counter does.
  var firstHashed: Int32
  var hashedCount: Int32
}

/// What one kind of activity does to one counter.
struct OperationPlan: BitwiseCopyable {
  /// What is counted of an activity.
  enum Content: UInt8 {
    case nothing, number, hash, place
  }

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
  var content: Content
  /// The readings leave this activity out.
  var looksBack: Bool
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
  /// Of the name, so that every rule's share is of other keys.
  var identity: Hash128
  /// Keys whose hashes are below it are judged live, the others in shadow.
  var shareLimit: UInt64
  /// The key part that is shared out, or −1.
  var sharePart: Int32
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
  var isShadow: Bool
}

/// A piece of a message.
struct MessageStep: BitwiseCopyable {
  enum Form: UInt8 {
    /// A constant text, `value` being its place in the pool.
    case constant
    /// A text field.
    case text
    /// A whole number of a field.
    case number
    /// A field's amount, in the activity's currency.
    case money
    /// A counter's number, amount, or duration since the newest activity.
    case readNumber, readMoney, readElapsed
  }

  var form: Form
  var slot: UInt8 = 0
  var reading: Int32 = 0
  var value: Int64 = 0
}

/// A comparison of a counter with a constant.
struct ObservationPlan: BitwiseCopyable {
  var reading: Int32
  var threshold: Int64
}
