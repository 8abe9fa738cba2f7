/// What there is to know about a rule besides how to judge it.
public struct RulePlan: Hashable, Sendable {
  /// A counter that the condition compares with a constant.
  public struct Observation: Hashable, Sendable {
    /// As the rule names it; of counters that are the same, the first one's name.
    public let counter: String
    public let windowMilliseconds: Int64
    /// In the unit of the counter: a count, an amount's smallest unit, milliseconds. Of a rate, the count that it comes to.
    public let threshold: Int64
  }

  /// What the rule does when it fires.
  public struct Consequence: Hashable, Sendable {
    /// `none` for actions alone, and for `otherwise nothing`.
    public let effect: Effect
    /// The message as written, empty when the rule says nothing; with values put in by `RuleSet.writeMessage`.
    public let message: String
    /// The message has no values to be put in: it is always the same.
    public let isMessageConstant: Bool
    /// What the service is to do.
    public let actions: [RuleAction]
    let messageSteps: Range<Int>
    /// The most bytes of the message with its values put in.
    public let maxMessageBytes: Int
  }

  public let name: String
  /// The rule in its canonical form, named conditions put in place: equal for rules that do the same.
  public let definition: String
  public let mode: RuleMode
  public let consequence: Consequence
  /// What it does when its condition cannot be judged; absent: it is reported as not evaluated.
  public let otherwise: Consequence?
  /// In the order in which the condition names them.
  public let observations: [Observation]
  public let tags: [String]
  /// 0 unless the rule says otherwise.
  public let score: Int64
  public let severity: RuleSeverity?
  /// Indices into `RuleSet.counters` of those that the rule reads, each once.
  public let counters: [Int]
  /// Absent for rules that are off.
  let tree: ConditionTree?

  public var effect: Effect { consequence.effect }
  public var message: String { consequence.message }
}

extension RulePlan {
  init(
    _ rule: CheckedRule, counters: [Int], observations: [Observation], message: Range<Int>,
    otherwiseMessage: Range<Int>, tree: ConditionTree?
  ) {
    self.tree = tree
    name = rule.name
    definition = rule.definition
    self.counters = counters
    mode = rule.mode
    consequence = Consequence(rule.consequence, steps: message)
    otherwise = rule.otherwise.map { Consequence($0, steps: otherwiseMessage) }
    self.observations = observations
    (tags, score, severity) = (rule.tags, rule.score, rule.severity)
  }
}

extension RulePlan.Consequence {
  fileprivate init(_ checked: CheckedConsequence, steps: Range<Int>) {
    (effect, message, actions, messageSteps) = (checked.effect, checked.template, checked.actions, steps)
    isMessageConstant = checked.message.allSatisfy { if case .text = $0 { true } else { false } }
    maxMessageBytes = min(checked.message.reduce(0) { $0 + $1.maxBytes }, RuleSet.maxMessageBytes)
  }
}

extension MessagePart {
  /// A number, its sign, its unit or currency, and the mark of a lower bound: fewer bytes than these.
  private static let maxNumberBytes = 32

  /// The most bytes that it takes in a message.
  fileprivate var maxBytes: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .textField: RuleSet.maxMessageBytes
    case .numberField, .reading: Self.maxNumberBytes
    }
  }
}
