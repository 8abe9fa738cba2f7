/// A rules file whose names and types are settled. Without errors it can be compiled.
struct CheckedFile {
  var lists: [CheckedList] = []
  var counters: [CheckedCounter] = []
  var rules: [CheckedRule] = []
  /// The attributes that anything names: the one at `i` has slot `Field.count + i`.
  var attributes: [String] = []
  /// The time zones that anything names.
  var zones: [String] = []
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
  }

  var slot: Int
  var derivation: Derivation
}

/// A rule whose condition is settled.
struct CheckedRule: Hashable {
  var name: String
  /// Of the name.
  var span: SourceSpan
  var kinds: [String]
  var condition: Condition
  var effect: Effect
  var message: String
  var otherwise: RuleDeclaration.Otherwise?
}
