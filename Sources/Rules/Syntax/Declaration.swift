/// What stands at the top level of a rules file.
enum Declaration: Hashable, Sendable {
  case list(ListDeclaration)
  case counter(CounterDeclaration)
  case definition(Definition)
  case rule(RuleDeclaration)

  var name: Name {
    switch self {
    case .list(let list): list.name
    case .counter(let counter): counter.name
    case .definition(let definition): definition.name
    case .rule(let rule): rule.name
    }
  }
}

/// `list NAME [of TYPE] = A, B` or `list NAME of TYPE from "FILE"`.
struct ListDeclaration: Hashable, Sendable {
  var name: Name
  /// The declared type of the elements; absent when the elements say it.
  var type: Name?
  var elements: [Expression]
  /// Where the elements are, instead of here.
  var file: Name?
}

/// `let NAME = EXPRESSION`.
struct Definition: Hashable, Sendable {
  var name: Name
  /// Absent when it could not be read: the name is known, and nothing more is said about it.
  var value: Expression?
}

/// `counter NAME = AGGREGATE [VALUE] of KINDS [where CONDITION] by FIELDS`.
struct CounterDeclaration: Hashable, Sendable {
  var name: Name
  /// Absent when it could not be read: the name is known, and nothing more is said about it.
  var body: Body?

  struct Body: Hashable, Sendable {
    var aggregate: Aggregate
    var value: KeyPartSyntax?
    var kinds: [Name]
    var filter: Expression?
    var groups: [KeyPartSyntax]
  }
}

/// What a counter makes of the activities that it counts.
enum Aggregate: String, CaseIterable, Hashable, Sendable {
  case count
  /// A count that is compared with so many in a unit of time.
  case rate
  case distinct
  case sum
  case average
  case min
  case max
  /// The oldest value in the window.
  case first
  /// The newest value before the activity itself.
  case last
  /// How long ago the newest activity before this one was.
  case timeSince = "time since"

  /// Whether it takes the values of a field, not activities as such.
  var takesValue: Bool { self != .count && self != .rate && self != .timeSince }

  /// Whether its readings are counts, which a window keeps only up to a threshold.
  var isCount: Bool { self == .count || self == .rate || self == .distinct }

  /// Whether its readings leave the activity itself out.
  var looksBack: Bool { self == .last || self == .timeSince }
}

/// A field by which a counter groups or whose values it takes: `card.fingerprint`, `client_ip/24`,
/// `domain of attributes.email`.
struct KeyPartSyntax: Hashable, Sendable {
  enum Derivation: Hashable, Sendable {
    case none
    /// The first bits of an address.
    case prefix(Int64)
    /// What follows the last `@`.
    case domain
  }

  var field: Name
  var derivation: Derivation
  var span: SourceSpan
}

/// A rule as written; absent parts could not be read, and were reported.
struct RuleDeclaration: Hashable, Sendable {
  struct Consequence: Hashable, Sendable {
    /// `none` when there are only actions.
    var effect: Effect
    var message: MessageSyntax?
    var actions: [RuleAction] = []
  }

  /// `mode live for 10% by customer_id`.
  struct Mode: Hashable, Sendable {
    var mode: RuleMode
    /// In hundredths of a per cent, of the values of a field.
    var share: Int64?
    var key: KeyPartSyntax?
  }

  /// What happens when the condition cannot be judged.
  enum Otherwise: Hashable, Sendable {
    case nothing
    case fires(Consequence)
  }

  var name: Name
  var kinds: [Name] = []
  var condition: Expression?
  var consequence: Consequence?
  var otherwise: Otherwise?
  var mode: Mode?
  var tags: [Name] = []
  var score: Int64?
  var severity: RuleSeverity?
  /// Where each clause begins, by its word.
  var clauseStarts: [String: Int] = [:]
}
