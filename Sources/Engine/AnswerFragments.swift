import GatehouseProtocol
import Rules
import Wire

/// The parts of a `Decision` that the answers under one rule set repeat, encoded once: an answer is put together from
/// them and the few numbers that differ, and no text is touched on the way.
///
/// `@unchecked Sendable`: written by `init` alone.
final class AnswerFragments: @unchecked Sendable {
  /// Where a fragment lies.
  struct Fragment: BitwiseCopyable {
    var start: Int32 = 0
    var count: Int32 = 0
  }

  /// A rule's fragments.
  struct RuleFragments: BitwiseCopyable {
    /// All of a `FiredRule` but for its observations and a message that has values put in: by the rule's condition and
    /// by its `otherwise`.
    var fired = Fragment()
    var firedOtherwise = Fragment()
    /// The message is the same every time, so the fragment has it.
    var isMessageConstant = true
    var isOtherwiseMessageConstant = true
    /// `rule` of an `UnevaluatedRule`.
    var unevaluated = Fragment()
    /// The first of its observations in `observations`.
    var firstObservation: Int32 = 0
  }

  /// Where everything lies: what the hot path works with, so that no reference is counted there. Its owner must live
  /// longer.
  struct Table: BitwiseCopyable {
    /// `rule_set_version`.
    let version: Fragment
    let rules: UnsafeMutablePointer<RuleFragments>
    /// `counter` and `window` of an `Observation`.
    let observations: UnsafeMutablePointer<Fragment>
    /// By number, as `RuleSet.missingName` has it: `missing_field` of an `UnevaluatedRule`.
    let missingFields: UnsafeMutablePointer<Fragment>
    fileprivate let bytes: UnsafeMutableRawPointer

    @inline(__always)
    subscript(fragment: Fragment) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(start: bytes + Int(fragment.start), count: Int(fragment.count))
    }
  }

  let table: Table
  /// The most bytes that the part of a decision which the rules determine can take.
  let maxDecisionBytes: Int

  /// Tags, lengths and numbers around the fragments of a fired rule, an observation or an unevaluated rule.
  private static let framingBytes = 64

  /// - Throws: when a text of the rules cannot be encoded.
  init(_ ruleSet: RuleSet) throws {
    var pool: [UInt8] = []
    func add(_ message: some ProtobufMessage) throws -> Fragment {
      let encoded = try ProtobufEncoder().encode(message)
      defer { pool += encoded }
      return Fragment(start: Int32(pool.count), count: Int32(encoded.count))
    }
    var ruleFragments: [RuleFragments] = []
    var observed: [Fragment] = []
    let version = try add(Decision(ruleSetVersion: String(ruleSet.version.prefix(16))))
    for rule in ruleSet.rules {
      var fragments = RuleFragments()
      let otherwise = rule.otherwise ?? rule.consequence
      fragments.fired = try add(FiredRule(rule, rule.consequence))
      fragments.firedOtherwise = try add(FiredRule(rule, otherwise))
      fragments.isMessageConstant = rule.consequence.isMessageConstant
      fragments.isOtherwiseMessageConstant = otherwise.isMessageConstant
      fragments.unevaluated = try add(UnevaluatedRule(rule: rule.name))
      fragments.firstObservation = Int32(observed.count)
      observed += try rule.observations.map { try add(Observation(counter: $0.counter, window: $0.windowMilliseconds)) }
      ruleFragments.append(fragments)
    }
    let missing = try (0..<ruleSet.missingNameCount).map { try add(UnevaluatedRule(missingField: ruleSet.name($0))) }
    let sizes = zip(ruleSet.rules, ruleFragments).map { rule, fragments in
      let first = Int(fragments.firstObservation)
      let seen = observed[first..<first + rule.observations.count].reduce(0) { $0 + Int($1.count) + Self.framingBytes }
      return fragments.mostBytes(of: rule, missing: missing) + seen + Self.framingBytes
    }
    let most = ruleSet.kinds.indices.map { kind in ruleSet.rules(of: Int32(kind)).reduce(0) { $0 + sizes[$1] } }.max()
    maxDecisionBytes = Int(version.count) + Self.framingBytes + (most ?? 0)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, pool.count), alignment: 1)
    bytes.copyBytes(from: pool)
    guard let start = bytes.baseAddress else { preconditionFailure("an allocation has an address") }
    table = Table(
      version: version, rules: .copy(of: ruleFragments), observations: .copy(of: observed),
      missingFields: .copy(of: missing), bytes: start)
  }

  deinit {
    table.rules.deallocate()
    table.observations.deallocate()
    table.missingFields.deallocate()
    table.bytes.deallocate()
  }
}

extension AnswerFragments.RuleFragments {
  /// The most bytes of the rule without its observations: it fires in one way or the other, or could not be judged.
  fileprivate func mostBytes(of rule: RulePlan, missing: [AnswerFragments.Fragment]) -> Int {
    let otherwise = rule.otherwise ?? rule.consequence
    let ways = [
      Int(fired.count) + (isMessageConstant ? 0 : rule.consequence.maxMessageBytes),
      Int(firedOtherwise.count) + (isOtherwiseMessageConstant ? 0 : otherwise.maxMessageBytes),
      Int(unevaluated.count) + (missing.map { Int($0.count) }.max() ?? 0),
    ]
    return ways.reduce(0, max)
  }
}

extension RuleSet {
  /// How many numbers a verdict can name as missing: field and attribute slots, then counters.
  fileprivate var missingNameCount: Int { FieldValues.slotCount + counters.count }

  /// The name of a number; empty for a slot that no field or attribute has.
  fileprivate func name(_ missing: Int) -> String {
    let isVacant = missing < FieldValues.slotCount && missing >= Field.count + attributeNames.count
    return isVacant ? "" : missingName(Int32(missing))
  }
}

extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// A copy of the elements at a place of their own; the caller frees it.
  fileprivate static func copy(of elements: [Pointee]) -> Self {
    let base = Self.allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
    return base
  }
}
