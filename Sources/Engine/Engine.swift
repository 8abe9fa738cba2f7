import Rules
import Synchronization
import Windows

/// The gate: the rules in force and the windows that they look at, spread over shards by key hash.
///
///     let engine = try Engine(rules: rules, hasher: hasher, configuration: EngineConfiguration(), book: nil)
///     let evaluator = engine.makeEvaluator()          // one for each I/O queue
///     let taken = evaluator.process(requests, now: milliseconds)
///
/// Every key belongs to one shard and every step on it is taken on that shard's queue: counting an activity and reading
/// the window with it are one step, so of any number of simultaneous calls at a limit of L exactly L see a count up to
/// L. And every key's activities are counted in the order in which they stand in the book, whichever evaluator took
/// them, so that replaying the book brings back exactly the windows that were.
public final class Engine: Sendable {
  public let configuration: EngineConfiguration
  /// Where recorded activities go; nil when nothing is kept.
  public let book: (any Book)?
  public let hasher: KeyHasher
  let contentHash: ContentHash
  let shards: [Shard]
  /// Held while tickets are taken for several turnstiles: the shards' and the book's.
  let order = Mutex(())
  /// Who appends to the book passes in the order in which they counted.
  let bookTurnstile = Turnstile()
  let current: Mutex<Generation>
  /// One for each evaluator. Held while rules are adopted: by one at a time, and no evaluator is made meanwhile, for it
  /// would begin a chunk under the rules before unseen.
  let fences = Mutex<[Fence]>([])
  /// Something was recorded or restored: counters that come from now on have missed it.
  let hasHistory = Atomic(false)
  /// See `EngineStatistics`.
  let tooLateActivities = Atomic<UInt64>(0)

  /// - Parameters:
  ///   - hasher: keyed with a secret, so that nobody outside can aim at a key.
  /// - Throws: `EngineError` when the rules or the configuration cannot be served; `WireError` when a text of the rules
  /// cannot be encoded.
  public init(
    rules: RuleSet, hasher: KeyHasher, configuration: EngineConfiguration, book: (any Book)?
  ) throws {
    guard (1...256).contains(configuration.shards) else { throw EngineError.shardsOutOfRange(configuration.shards) }
    let tables = (0..<configuration.shards).map { _ in
      rules.counters.map { WindowTable(shape: $0.shape, maximumKeys: configuration.maxKeysPerTable) }
    }
    let generation = try Self.checked(Generation(rules: rules, tables: tables, coverage: Coverage()))
    self.configuration = configuration
    self.book = book
    self.hasher = hasher
    contentHash = ContentHash(hasher)
    shards = (0..<configuration.shards).map { Shard(number: $0, configuration: configuration) }
    current = Mutex(generation)
  }

  /// The rules in force.
  public var rules: RuleSet { generation.rules }

  /// One for each I/O queue.
  public func makeEvaluator() -> Evaluator { makeEvaluator(isCounted: true) }

  /// - Parameter isCounted: whether what it judges is counted in the rules' statistics.
  func makeEvaluator(isCounted: Bool) -> Evaluator {
    let fence = Fence()
    fences.withLock { $0.append(fence) }
    return Evaluator(self, fence, isCounted: isCounted)
  }

  /// A generation whose decisions answers can hold.
  static func checked(
    _ generation: Generation, limit: Int = EvaluationScratch.maxAnswerBytes
  ) throws(EngineError) -> Generation {
    guard generation.maxDecisionBytes <= limit else {
      throw .decisionsTooLarge(generation.maxDecisionBytes)
    }
    return generation
  }

  var generation: Generation { current.withLock { $0 } }

  @inline(__always)
  func shard(of key: Hash128) -> Int { key.shard(of: shards.count) }
}
