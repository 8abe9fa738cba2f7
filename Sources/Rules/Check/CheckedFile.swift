/// A rules file whose names and types are settled. Without errors it can be compiled.
struct CheckedFile {
  var lists: [CheckedList] = []
  var counters: [CheckedCounter] = []
  var rules: [CheckedRule] = []
  /// The attributes that anything names: the one at `i` has slot `Field.count + i`.
  var attributes: [String] = []
  /// The time zones that anything names, and their offsets.
  var zones: [String] = []
  var zoneTables: [ZoneTable] = []
}

/// A list whose elements are settled.
struct CheckedList: Hashable {
  enum Elements: Hashable {
    case texts([String])
    case numbers([Int64])
    case addresses([AddressRange])
  }

  /// Empty for one written in place.
  var name: String
  var type: ValueType
  var elements: Elements
}

/// A counter whose fields are settled.
struct CheckedCounter: Hashable {
  var name: String
  /// Of the name.
  var span: SourceSpan
  var aggregate: Aggregate
  /// What its readings are.
  var type: ValueType
  var value: KeyPart?
  var kinds: [String]
  var filter: Condition?
  var groups: [KeyPart]
  /// The definition in one canonical line: what makes it this counter and no other, whatever its name.
  var definition: String
}

/// What counters group by and count: a field, or something derived from it.
struct KeyPart: Hashable, Sendable {
  enum Derivation: Hashable, Sendable {
    case text
    case number
    case address
    /// The first bits of the address in its 128-bit form: of a mapped IPv4 address and of an IPv6 address.
    case prefix(ipv4: Int, ipv6: Int)
    case domain
    /// Latitude and longitude, the slot being the latitude's.
    case place
    /// How long a lock lasts that the attribute of this slot says, in milliseconds; an unlock is no lock at all.
    case lockLength
  }

  var slot: Int
  var derivation: Derivation
}

/// A rule whose condition is settled.
struct CheckedRule: Hashable {
  var name: String
  /// Of the name.
  var span: SourceSpan
  /// The rule in its canonical form, named conditions put in place.
  var definition: String
  var kinds: [String]
  var condition: Condition
  var consequence: CheckedConsequence
  /// Absent when the rule says nothing about it.
  var otherwise: CheckedConsequence?
  var mode: RuleMode
  /// For which share of which values it is live, in hundredths of a per cent; for the others it is in shadow.
  var share: Int64?
  var shareKey: KeyPart?
  var tags: [String]
  var score: Int64
  var severity: RuleSeverity?

  /// Calls `body` for every counter that the rule reads, in its condition or its messages.
  func forEachReading(_ body: (Reading) -> Void) {
    condition.forEachReading(body)
    for part in consequence.message + (otherwise?.message ?? []) {
      if case .reading(let reading, _) = part { body(reading) }
    }
  }
}

/// What a rule does; nothing at all for `otherwise nothing`.
struct CheckedConsequence: Hashable {
  var effect = Effect.none
  var template = ""
  var message: [MessagePart] = []
  var actions: [RuleAction] = []
  var isNothing = false
}

/// A piece of a message.
enum MessagePart: Hashable {
  case text(String)
  /// A text or address of the activity.
  case textField(slot: Int)
  case numberField(slot: Int, ValueType)
  case reading(Reading, ValueType)
}
