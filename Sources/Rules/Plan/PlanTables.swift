import Windows

/// What runs for one kind of activity: ranges of the tables of groups and of judged rules.
struct KindPlan: BitwiseCopyable {
  var firstGroup: Int32
  var groupCount: Int32
  var firstTrigger: Int32
  var triggerCount: Int32
  var firstRule: Int32
  var ruleCount: Int32
  /// The parts that are hashed for every activity; values of counters with a filter are when it lets them pass.
  var firstHashed: Int32
  var hashedCount: Int32
}

/// The counters of one kind of activity that group by the same fields, and so have one key.
struct GroupPlan: BitwiseCopyable {
  /// The parts of the key, as bits.
  var parts: UInt64
  /// Indices into the table of group parts.
  var firstPart: Int32
  var partCount: Int32
  var firstOperation: Int32
  var operationCount: Int32
}

/// What one kind of activity does to one counter.
struct OperationPlan: BitwiseCopyable {
  /// What is counted of an activity.
  enum Content: UInt8 {
    case nothing, number, fingerprint, place, lockLength, zero
  }

  var counter: Int32
  /// The readings that this kind's rules take of it.
  var firstReading: Int32
  /// What is counted: of fingerprints the part, of numbers and places the slot.
  var value: Int32
  /// The part that has to be hashed, as a bit.
  var valuePart: UInt64 = 0
  /// The fields without which the filter lets nothing pass.
  var requiredFields: UInt64
  /// The filter's program; an empty one lets everything pass.
  var filterStart: Int32
  var filterCount: Int32
  var readingCount: Int16
  /// The counter counts this kind.
  var isFed: Bool
  var content: Content
  /// The readings leave this activity out.
  var looksBack: Bool
  /// Counts every activity of the kind, or its fingerprint, and reads it with them: so do most counters.
  var isPlain = false
}

/// A field, or what is derived from it, as a key or as a value that is told from others.
struct PartPlan: BitwiseCopyable, Hashable {
  enum Derivation: UInt8 {
    case text, number, address, prefix, domain
  }

  var slot: UInt8
  var derivation: Derivation
  var ipv4Bits: UInt8 = 0
  var ipv6Bits: UInt8 = 0
  /// Hashed to the 128 bits of a key; otherwise to a value's fingerprint.
  var isKey = true
}

/// A reading that has reached `bound`, or is unknown, sets `bit`: rules that wait for none of the bits set are false.
struct TriggerPlan: BitwiseCopyable {
  /// Set for every activity: of the rules that wait for no reading. Readings share the other 63.
  static let always: UInt64 = 1 << 63

  var reading: Int32
  var bound: Int64
  let bit: UInt64

  init(reading: Int32, bound: Int64) {
    (self.reading, self.bound, bit) = (reading, bound, 1 << UInt64(reading % 63))
  }
}

/// A rule as one kind of activity is judged by it; in the table the most severe come first.
struct JudgedRule: BitwiseCopyable {
  /// Of the name, so that every rule's share is of other keys.
  var identity: Hash128
  /// Keys whose hashes are below it are judged live, the others in shadow.
  var shareLimit: UInt64
  /// The bits of the triggers of which one must be set for the condition to be anything but false.
  var triggers: UInt64
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
  /// What of the reading is compared.
  enum Form: UInt8 {
    /// Its value, be there events or not; its value when there are any.
    case value, presentValue
    /// How long ago the newest event was.
    case elapsed
    case lockRemaining
  }

  var reading: Int32
  var threshold: Int64
  var form = Form.value
}
