import Dispatch
import GatehouseProtocol
import Wire

/// Judges and records the calls of one I/O queue, a chunk at a time, in stages that each run over the whole chunk:
///
/// 1. read: look at each request in place and hold it against the contract's limits;
/// 2. recall: ask each shard once about the ids that hash to it; an id that was answered gets its first answer again;
/// 3. observe: let each shard once update and read the windows of the keys that hash to it;
/// 4. decide: judge the rules, append the entries to the book, put the answers together;
/// 5. remember: give each shard once the answers to its ids.
///
/// All memory is made beforehand: a chunk allocates nothing unless a call is refused. Calls of one chunk that share an
/// id are answered one after the other, in further passes over the stages 2 to 5.
///
/// Not Sendable: confined to the queue that it serves. Make one for each I/O queue.
public final class Evaluator {
  /// Calls of one chunk.
  public static let maxCalls = 64
  /// How often a call whose id another I/O queue is just answering is looked at again before it is given up.
  private static let maxPasses = 1_000

  enum ShardStage { case recall, observe, remember, restore }

  let engine: Engine
  let evaluations: UnsafeMutablePointer<Evaluation>
  /// The calls of this pass.
  let turn: UnsafeMutablePointer<Int>
  var turnCount = 0
  private var errors: [RPCError?]
  /// Some of `errors` is set.
  private(set) var hasErrors = false
  private(set) var scratch: EvaluationScratch
  var requests = UnsafeBufferPointer<EvaluationRequest>(start: nil, count: 0)
  var now: Int64 = 0
  /// Requests whose activity came in pieces, written anew in one; kept while their chunk is under way.
  var canonicalRequests: [UnsafeMutableRawBufferPointer] = []
  private var stage = ShardStage.recall
  private var items: [DispatchWorkItem] = []

  private let fence: Fence

  init(_ engine: Engine, _ fence: Fence) {
    self.engine = engine
    self.fence = fence
    evaluations = .allocate(capacity: Self.maxCalls)
    evaluations.initialize(repeating: Evaluation(), count: Self.maxCalls)
    turn = .allocate(capacity: Self.maxCalls)
    turn.initialize(repeating: 0, count: Self.maxCalls)
    errors = Array(repeating: nil, count: Self.maxCalls)
    scratch = EvaluationScratch(engine.generation, shards: engine.shards.count)
    // Made once, because a closure handed to `sync` is allocated at each call. Runs only while `atShards` waits for it.
    items = engine.shards.indices.map { index in DispatchWorkItem { [unowned self] in self.work(onShard: index) } }
  }

  deinit {
    forgetCanonicalRequests()
    evaluations.deallocate()
    turn.deallocate()
  }

  /// Judges and records up to `maxCalls` calls; `answer(_:)` then has what to send.
  ///
  /// - Parameter now: the server's clock, Unix milliseconds.
  public func process(_ requests: UnsafeBufferPointer<EvaluationRequest>, now: Int64) {
    precondition(requests.count <= Self.maxCalls, "a chunk has at most maxCalls calls")
    self.requests = requests
    self.now = now
    chunk {
      readAll()
      var passes = 0
      while turnCount > 0 {
        runPass()
        passes += 1
        if passes == Self.maxPasses { giveUpWaiting() }
      }
    }
  }

  /// Runs a chunk under one rule set.
  func chunk(_ body: () -> Void) {
    fence.isWithinChunk.withLock { _ in
      beginChunk()
      body()
    }
  }

  private func beginChunk() {
    let generation = engine.generation
    if generation !== scratch.generation {
      scratch = EvaluationScratch(generation, shards: engine.shards.count)
    }
    scratch.answersUsed = 0
    forgetCanonicalRequests()
  }

  /// The answer to call `index` of the last chunk; its bytes are valid until the next chunk.
  public func answer(_ index: Int) -> EvaluationAnswer {
    precondition(index >= 0 && index < requests.count, "no such call in the chunk")
    let evaluation = evaluations[index]
    if evaluation.state == .answered {
      return .answered(
        evaluation.answer, durability: Durability(rawValue: evaluation.durability),
        logIndex: evaluation.hasLogIndex ? evaluation.logIndex : nil)
    }
    return .refused(errors[index] ?? RPCError(.internal, "the call was neither answered nor refused"))
  }

  func refuse(_ call: Int, _ error: RPCError) {
    evaluations[call].state = .refused
    errors[call] = error
    hasErrors = true
  }

  func forgetErrors() {
    for call in errors.indices { errors[call] = nil }
    hasErrors = false
  }

  /// Takes the calls of this turn through the stages 2 to 5; those that wait for their id's first answer are the next
  /// turn.
  private func runPass() {
    gatherIDs()
    atShards(.recall)
    let reservation = reserveEntries()
    gatherOperations()
    atShards(.observe)
    decideAll()
    appendEntries(reservation)
    atShards(.remember)
    turnCount = 0
    for call in 0..<requests.count where evaluations[call].state == .waiting {
      evaluations[call].state = .active
      turn[turnCount] = call
      turnCount += 1
    }
  }

  private func forgetCanonicalRequests() {
    if canonicalRequests.isEmpty { return }
    for request in canonicalRequests { request.deallocate() }
    canonicalRequests.removeAll()
  }

  private func giveUpWaiting() {
    for index in 0..<turnCount {
      refuse(turn[index], Self.stillAnswering)
    }
    turnCount = 0
  }

  private static let stillAnswering = RPCError(
    .aborted, "the first call with this id is still being answered: retry", retry: .after(milliseconds: 10))

  func atShards(_ stage: ShardStage) {
    self.stage = stage
    for index in 0..<engine.shards.count where hasWork(onShard: index) {
      engine.shards[index].queue.sync(execute: items[index])
    }
  }

  private func hasWork(onShard index: Int) -> Bool {
    stage == .observe ? !scratch.operations.indices(of: index).isEmpty : !scratch.ids.indices(of: index).isEmpty
  }

  private func work(onShard index: Int) {
    let shard = engine.shards[index]
    shard.assertConfined()
    switch stage {
    case .recall: recall(shard, scratch.ids.indices(of: index))
    case .observe: observe(shard, scratch.operations.indices(of: index))
    case .remember: remember(shard, scratch.ids.indices(of: index))
    case .restore: restore(shard, scratch.ids.indices(of: index))
    }
  }
}
