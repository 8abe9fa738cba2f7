import GatehouseProtocol
import Wire

/// Judges and records the calls of one I/O queue, a chunk at a time, in stages that each run over the whole chunk:
///
/// 1. read: look at each request in place and hold it against the contract's limits;
/// 2. recall: ask each shard once about the ids that hash to it; an id that was answered gets its first answer again;
/// 3. observe: at each shard once update and read the windows of the keys that hash to it;
/// 4. decide: judge the rules, append the entries to the book, put the answers together;
/// 5. remember: give each shard once the answers to its ids.
///
/// Before stage 3 it takes its turn at all the shards that it will need there and at the book, in one step: evaluators
/// overtake each other nowhere between counting and writing, so the book's order is the order of counting.
///
/// All memory is made beforehand: a chunk allocates nothing unless a call is refused. Calls of one chunk that share an
/// id are answered one after the other, in further passes over the stages 2 to 5; one whose id another evaluator is just
/// answering waits until that has been done.
///
/// Not Sendable: confined to the queue that it serves. Make one for each I/O queue.
public final class Evaluator {
  /// Calls of one chunk.
  public static let maxCalls = 64
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
  /// This pass's turns at the shards' windows, by shard, and at the book.
  private let windowTurns: UnsafeMutablePointer<UInt32>
  private var bookTurn: UInt32 = 0
  /// A shard where an id was found to be another evaluator's, and how many turns were over there by then.
  private var pending: (shard: Shard, turnsOver: UInt32)?

  private let fence: Fence
  private let isCounted: Bool

  init(_ engine: Engine, _ fence: Fence, isCounted: Bool) {
    self.engine = engine
    self.fence = fence
    self.isCounted = isCounted
    evaluations = .allocate(capacity: Self.maxCalls)
    evaluations.initialize(repeating: Evaluation(), count: Self.maxCalls)
    turn = .allocate(capacity: Self.maxCalls)
    turn.initialize(repeating: 0, count: Self.maxCalls)
    errors = Array(repeating: nil, count: Self.maxCalls)
    scratch = Self.scratch(engine, engine.generation, isCounted ? fence : nil)
    windowTurns = .allocate(capacity: engine.shards.count)
    windowTurns.initialize(repeating: 0, count: engine.shards.count)
  }

  deinit {
    forgetCanonicalRequests()
    evaluations.deallocate()
    turn.deallocate()
    windowTurns.deallocate()
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
      noteHistory()
      while turnCount > 0 { runPass() }
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
      scratch = Self.scratch(engine, generation, isCounted ? fence : nil)
    }
    scratch.answersUsed = 0
    forgetCanonicalRequests()
  }

  /// - Parameter fence: lets others read what is counted; nil leaves it uncounted.
  private static func scratch(_ engine: Engine, _ generation: Generation, _ fence: Fence?) -> EvaluationScratch {
    let scratch = EvaluationScratch(generation, hasher: engine.hasher, shards: engine.shards.count)
    if let fence { generation.count(Generation.Counted(counts: scratch.counts, fence: fence)) }
    return scratch
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
    recallAll()
    if turnHasActiveCalls {
      let reservation = reserveEntries()
      gatherOperations()
      takeTurns(atBook: reservation.count > 0)
      observeAll()
      decideAll()
      if reservation.count > 0 { engine.bookLock.enter(bookTurn) }
      appendEntries(reservation)
      if reservation.count > 0 { engine.bookLock.leave() }
      rememberAll()
    } else if let pending {
      pending.shard.answerLock.waitForTurn(after: pending.turnsOver)
    }
    gatherWaiting()
  }

  private var turnHasActiveCalls: Bool {
    (0..<turnCount).contains { evaluations[turn[$0]].state == .active }
  }

  private func gatherWaiting() {
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

  // MARK: Shards

  /// Takes a place among the passes of all evaluators: whoever takes one later comes later at every lock.
  func takeTurns(atBook: Bool) {
    engine.order.withLock { _ in
      for index in 0..<engine.shards.count where scratch.operations.count(ofShard: index) > 0 {
        windowTurns[index] = engine.shards[index].windowLock.takeTurn()
      }
      if atBook { bookTurn = engine.bookLock.takeTurn() }
    }
  }

  func observeAll() {
    for index in 0..<engine.shards.count {
      if scratch.operations.count(ofShard: index) == 0 { continue }
      let shard = engine.shards[index]
      shard.windowLock.enter(windowTurns[index])
      observe(shard)
      shard.windowLock.leave()
    }
  }

  private func recallAll() {
    pending = nil
    atAnswers { shard, ids in
      // This turn will be over, too, when it is left.
      if recall(shard, ids) { pending = (shard, shard.answerLock.turnsOver &+ 1) }
    }
  }

  private func rememberAll() { atAnswers { remember($0, $1) } }

  func restoreAll() { atAnswers { restore($0, $1) } }

  /// Runs `body` at each shard that some of the ids hash to.
  @inline(__always)
  private func atAnswers(_ body: (Shard, UnsafeBufferPointer<Int32>) -> Void) {
    for index in 0..<engine.shards.count {
      let ids = scratch.ids.indices(of: index)
      if ids.isEmpty { continue }
      let shard = engine.shards[index]
      shard.answerLock.withTurn { body(shard, ids) }
    }
  }
}
