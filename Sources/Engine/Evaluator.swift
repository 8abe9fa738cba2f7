import Dispatch
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
/// Before stage 3 it takes a ticket for each of the shards that it will need there and for the book, in one step:
/// evaluators overtake each other nowhere between counting and writing, so the book's order is the order of counting.
///
/// All memory is made beforehand: a chunk allocates nothing unless a call is refused. Calls of one chunk that share an
/// id are answered one after the other, in further passes over the stages 2 to 5; one whose id another evaluator is just
/// answering waits until that has been done.
///
/// Not Sendable: confined to the queue that it serves. Make one for each I/O queue.
public final class Evaluator {
  /// Calls of one chunk.
  public static let maxCalls = 128
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
  /// This pass's tickets, by shard, and for the book.
  private let shardTickets: UnsafeMutablePointer<UInt32>
  private var bookTicket: UInt32 = 0
  /// A shard where an id was found to be another evaluator's, and what had been settled there by then.
  private var pending: (shard: Shard, settled: UInt32)?
  private var stage = ShardStage.recall
  /// What each shard's queue is given.
  private var items: [DispatchWorkItem] = []

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
    shardTickets = .allocate(capacity: engine.shards.count)
    shardTickets.initialize(repeating: 0, count: engine.shards.count)
    // Made once, because a closure handed to `sync` is allocated at each call. They run only while `visit` waits for
    // them, hence unsafe: self is there, and nothing counts references to it at each call.
    items = engine.shards.map { shard in DispatchWorkItem { [unowned(unsafe) self] in self.work(shard) } }
  }

  deinit {
    forgetCanonicalRequests()
    evaluations.deallocate()
    turn.deallocate()
    shardTickets.deallocate()
  }

  /// Judges and records up to `maxCalls` calls; `answer(_:)` then has what to send.
  ///
  /// - Parameter now: the server's clock, Unix milliseconds.
  /// - Returns: how many it took, from the first on: at least one, and fewer than were given if what they may record is more
  ///   than the book is to promise at once.
  public func process(_ requests: UnsafeBufferPointer<EvaluationRequest>, now: Int64) -> Int {
    precondition(requests.count <= Self.maxCalls, "a chunk has at most maxCalls calls")
    self.now = now
    chunk {
      self.requests = UnsafeBufferPointer(rebasing: requests[..<countToRecord(requests)])
      readAll()
      noteHistory()
      while turnCount > 0 { runPass() }
    }
    return self.requests.count
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
      takeTickets(forBook: reservation.count > 0)
      observeAll()
      decideAll()
      if reservation.count > 0 { engine.bookTurnstile.enter(bookTicket) }
      appendEntries(reservation)
      if reservation.count > 0 { engine.bookTurnstile.leave() }
      rememberAll()
    } else if let pending {
      pending.shard.settled.wait(beyond: pending.settled)
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

  /// Takes a place among the passes of all evaluators: whoever takes one later comes later everywhere.
  func takeTickets(forBook: Bool) {
    engine.order.withLock { _ in
      for index in 0..<engine.shards.count where scratch.operations.count(ofShard: index) > 0 {
        shardTickets[index] = engine.shards[index].turnstile.takeTicket()
      }
      if forBook { bookTicket = engine.bookTurnstile.takeTicket() }
    }
  }

  func observeAll() {
    for index in 0..<engine.shards.count where scratch.operations.count(ofShard: index) > 0 {
      engine.shards[index].turnstile.enter(shardTickets[index])
      visit(index, .observe)
      engine.shards[index].turnstile.leave()
    }
  }

  private func recallAll() {
    pending = nil
    for index in 0..<engine.shards.count where hasIDs(ofShard: index) { visit(index, .recall) }
  }

  private func rememberAll() {
    for index in 0..<engine.shards.count where hasIDs(ofShard: index) {
      visit(index, .remember)
      engine.shards[index].settled.advance()
    }
  }

  func restoreAll() {
    for index in 0..<engine.shards.count where hasIDs(ofShard: index) { visit(index, .restore) }
  }

  private func hasIDs(ofShard index: Int) -> Bool { !scratch.ids.indices(of: index).isEmpty }

  /// Does this pass's part of a stage on the shard's queue.
  private func visit(_ index: Int, _ stage: ShardStage) {
    self.stage = stage
    engine.shards[index].queue.sync(execute: items[index])
  }

  private func work(_ shard: Shard) {
    shard.assertConfined()
    switch stage {
    case .observe: observe(shard)
    case .recall: if recall(shard, scratch.ids.indices(of: shard.number)) { pending = (shard, shard.settled.count) }
    case .remember: remember(shard, scratch.ids.indices(of: shard.number))
    case .restore: restore(shard, scratch.ids.indices(of: shard.number))
    }
  }
}
