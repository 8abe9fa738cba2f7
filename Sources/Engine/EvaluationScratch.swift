import Rules
import Windows

/// The memory of one evaluator under one rule set, made once.
///
/// Buffers are sized for a whole chunk at its largest; pages that are never touched cost nothing.
///
/// A class of constants, so that reaching a buffer is neither a copy nor an exclusive access to the rest.
final class EvaluationScratch {
  /// The longest answer: a decision, as large as the language lets it become.
  static let maxAnswerBytes = Limits.maxDecisionBytes
  /// Room that `writeOutcome`, `writeRecorded` and the marks of a repeat need behind a verdict.
  static let outcomeBytes = 64
  static let answerStride = maxAnswerBytes + outcomeBytes
  static let entryStride = ActivityCheck.maxActivityBytes + answerStride + outcomeBytes

  let generation: Generation
  /// By call.
  let fields: UnsafeMutablePointer<FieldValues>
  /// By call and reading.
  let allReadings: UnsafeMutablePointer<WindowReading>
  let verdict: UnsafeMutablePointer<Verdict>
  /// The generation's, without reference counts.
  let rules: Unmanaged<RuleSet>
  let fragments: AnswerFragments.Table
  /// What the rules do here.
  let counts: RuleCounts
  /// From when on every counter is warm.
  let warmAt: Int64
  let operations: OperationQueues
  let ids: ShardOrder<Int32>
  let answers: UnsafeMutableRawPointer
  var answersUsed = 0
  let entries: UnsafeMutableRawPointer
  /// Where each entry of this pass ends, and whose it is.
  let ends: UnsafeMutablePointer<Int>
  let entryCalls: UnsafeMutablePointer<Int32>
  var entryCount = 0
  /// A message under way.
  let message: UnsafeMutableRawBufferPointer
  let layout: RequestLayout
  let maxReadings: Int
  let latenessMilliseconds: Int64

  init(_ generation: Generation, hasher: KeyHasher, shards: Int) {
    let rules = generation.rules
    let calls = Evaluator.maxCalls
    self.generation = generation
    fields = .allocate(capacity: calls)
    for call in 0..<calls { (fields + call).initialize(to: FieldValues(for: rules, hasher: hasher)) }
    allReadings = .allocate(capacity: max(1, calls * rules.maxReadings))
    verdict = .allocate(capacity: 1)
    verdict.initialize(to: Verdict(for: rules))
    self.rules = .passUnretained(generation.rules)
    fragments = generation.fragments.table
    warmAt = generation.warmUp.warmAt
    counts = RuleCounts(rules)
    operations = OperationQueues(for: rules, maxActivities: calls, shards: shards)
    ids = ShardOrder(capacity: calls, shards: shards)
    // A repeat or a replayed answer already has an outcome, and gets room for another like any other.
    answers = .allocate(byteCount: calls * (Self.answerStride + Self.outcomeBytes), alignment: 16)
    entries = .allocate(byteCount: calls * Self.entryStride, alignment: 16)
    ends = .allocate(capacity: calls)
    entryCalls = .allocate(capacity: calls)
    message = .allocate(byteCount: RuleSet.maxMessageBytes, alignment: 1)
    maxReadings = rules.maxReadings
    latenessMilliseconds = rules.latenessMilliseconds
    layout = RequestLayout(attributeNames: rules.attributeNames)
  }

  deinit {
    fields.deinitialize(count: Evaluator.maxCalls)
    fields.deallocate()
    verdict.deinitialize(count: 1)
    verdict.deallocate()
    allReadings.deallocate()
    answers.deallocate()
    entries.deallocate()
    ends.deallocate()
    entryCalls.deallocate()
    message.deallocate()
    layout.deallocate()
  }
}
