import CAllocationCount
import Engine
import GatehouseProtocol
import Rules
import Windows
import Wire

/// Feeds an evaluator orders of a fixed set of customers, in chunks, and counts what it allocates.
///
/// Every id, key and window is met before counting begins: what grows with new keys is the windows' own affair.
struct HotPathRun {
  private static let keys = 100_000
  /// Enough to meet every request of the pool, and to fill the memory of ids.
  private let warmUpChunks: Int
  private let countedChunks: Int
  private static let now: Int64 = 1_790_000_000_000

  let engine: Engine

  init(rules: RuleSet, chunks: Int) {
    (warmUpChunks, countedChunks) = (chunks / 2, chunks)
    var configuration = EngineConfiguration()
    configuration.rememberedIDs = 100_000
    do {
      engine = try Engine(rules: rules, hasher: KeyHasher(key0: 1, key1: 2), configuration: configuration, book: nil)
    } catch {
      preconditionFailure("the shipped rules cannot be served: \(error)")
    }
  }

  /// Prints the figures; true when nothing was allocated.
  func report() -> Bool {
    let evaluator = engine.makeEvaluator()
    var pool = RequestPool(count: 4_096, keys: Self.keys)
    let clock = ContinuousClock()
    for chunk in 0..<warmUpChunks { feed(evaluator, &pool, chunk) }
    let before = allocation_count()
    let start = clock.now
    for chunk in warmUpChunks..<(warmUpChunks + countedChunks) { feed(evaluator, &pool, chunk) }
    let elapsed = clock.now - start
    let allocations = allocation_count() - before
    let calls = countedChunks * Evaluator.maxCalls
    let nanoseconds = Double(elapsed.components.attoseconds) / 1e9 + Double(elapsed.components.seconds) * 1e9
    print("\(calls) calls: \(Int(nanoseconds / Double(calls))) ns a call, \(allocations) allocations")
    return allocations == 0
  }

  private func feed(_ evaluator: Evaluator, _ pool: inout RequestPool, _ chunk: Int) {
    pool.renewIDs(chunk)
    let count = evaluator.process(pool.chunk(chunk), now: Self.now + Int64(chunk))
    precondition(count == Evaluator.maxCalls, "without a book nothing bounds a chunk but its length")
  }
}
