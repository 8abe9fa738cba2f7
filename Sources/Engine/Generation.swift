import Rules
import Synchronization
import Windows

/// A rule set in force, and the windows of its counters: one table for every counter in every shard.
///
/// A table is shared by the generations whose counters are the same, so a change of rules keeps its contents.
///
/// `@unchecked Sendable`: the tables of a shard are touched on that shard's queue only; everything else is immutable.
final class Generation: @unchecked Sendable {
  let rules: RuleSet
  let fragments: AnswerFragments
  /// From when on the windows are whole.
  let coverage: Coverage
  let warmUp: WarmUp
  /// When the rules came into force; nil for the first.
  let adoptedAt: Int64?
  /// What the rules have done, evaluator by evaluator.
  private let allCounted = Mutex<[Counted]>([])
  /// Keeps the tables alive; by shard, then by counter.
  private let owned: [[WindowTable]]
  /// The same, flat and without reference counts.
  private let tables: UnsafeMutablePointer<Unmanaged<WindowTable>>
  private let counters: Int

  /// - Parameter tables: by shard, then by counter.
  /// - Throws: when a text of the rules cannot be encoded.
  init(rules: RuleSet, tables owned: [[WindowTable]], coverage: Coverage, adoptedAt: Int64? = nil) throws {
    self.rules = rules
    self.adoptedAt = adoptedAt
    self.coverage = coverage
    self.owned = owned
    counters = rules.counters.count
    tables = .allocate(capacity: max(1, owned.count * counters))
    for (shard, row) in owned.enumerated() {
      for (counter, table) in row.enumerated() {
        (tables + shard * counters + counter).initialize(to: Unmanaged.passUnretained(table))
      }
    }
    fragments = try AnswerFragments(rules)
    warmUp = try WarmUp(rules, coverage)
  }

  deinit { tables.deallocate() }

  /// The most bytes of a decision's part that the rules determine.
  var maxDecisionBytes: Int { fragments.maxDecisionBytes + warmUp.maxDecisionBytes }

  /// The tables of a shard by counter; valid as long as this generation.
  @inline(__always)
  func tables(ofShard shard: Int) -> UnsafeMutablePointer<Unmanaged<WindowTable>> { tables + shard * counters }

  /// The same with their references counted.
  func ownedTables(ofShard shard: Int) -> [WindowTable] { owned[shard] }

  /// The same rules over the same windows, of which something else is known.
  func with(_ coverage: Coverage) throws -> Generation {
    try Generation(rules: rules, tables: owned, coverage: coverage, adoptedAt: adoptedAt)
  }

  /// One evaluator's counts, and the fence that keeps it out while others read them.
  struct Counted {
    let counts: RuleCounts
    let fence: Fence
  }

  var counted: [Counted] { allCounted.withLock { $0 } }

  func count(_ counted: Counted) { allCounted.withLock { $0.append(counted) } }
}
