import Dispatch
import Synchronization
import Windows

/// Takes in the pieces that an `EngineCopier` made, into an engine that has not been asked anything yet: with the same
/// rules and the same hasher, but any number of shards.
///
/// A piece is taken in on the queue of the shard that all of it belongs to, so that the shards are filled side by side; while one is
/// behind by `maxPiecesUnderWay`, who brings the next piece waits.
///
/// Not Sendable: for one thread.
public final class EngineLoader {
  private static let maxPiecesUnderWay = 64

  private let engine: Engine
  private let generation: Generation
  private let counters: [Hash128: Int]
  private var pieces: SnapshotCut
  private let room = DispatchSemaphore(value: EngineLoader.maxPiecesUnderWay)
  private let failure = Failure()

  /// What went wrong first, on any queue.
  private final class Failure: Sendable {
    let error = Mutex<EngineError?>(nil)

    func check() throws(EngineError) { if let error = error.withLock({ $0 }) { throw error } }
  }

  public init(_ engine: Engine) {
    self.engine = engine
    generation = engine.generation
    let counters = generation.rules.counters
    self.counters = Dictionary(
      counters.enumerated().map { ($1.identity, $0) }, uniquingKeysWith: { first, _ in first })
    pieces = SnapshotCut(counters: counters.count)
  }

  /// Takes in one piece, or has it taken in soon.
  /// - Throws: `EngineError.badPiece` for this piece or an earlier one; the engine is then of no use.
  public func load(_ piece: EnginePiece, _ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    try failure.check()
    switch piece {
    case .keys: try loadKeys(bytes)
    case .losses: try loadLosses(bytes)
    case .answers: try loadAnswers(bytes)
    }
  }

  /// Waits until all pieces are in.
  /// - Returns: what a replay from the copy's first index on must regard; nil when pieces are missing.
  /// - Throws: `EngineError.badPiece`.
  public func finish() throws(EngineError) -> SnapshotCut? {
    for shard in engine.shards { shard.queue.sync {} }
    try failure.check()
    return pieces.isComplete || generation.rules.counters.isEmpty ? pieces : nil
  }

  /// Has a copy of `bytes` taken in on the shard's queue, behind what came before.
  private func take(
    _ bytes: UnsafeRawBufferPointer, into shard: Shard,
    _ body: @escaping @Sendable (UnsafeRawBufferPointer) throws(EngineError) -> Void
  ) {
    room.wait()
    shard.queue.async { [copy = Array(bytes), room, failure] in
      defer { room.signal() }
      do throws(EngineError) {
        try failure.check()
        try copy.withUnsafeBytes { bytes in Result { () throws(EngineError) in try body(bytes) } }.get()
      } catch {
        failure.error.withLock { $0 = $0 ?? error }
      }
    }
  }

  /// The shard that all keys of a piece belong to; nil when there were more or fewer shards then.
  private func shard(of head: EnginePiece.KeysHead) -> Shard? {
    head.shards == engine.shards.count ? engine.shards[head.shard] : nil
  }

  private func loadKeys(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    guard let head = EnginePiece.KeysHead(bytes) else { throw .badPiece("keys without a head") }
    guard let counter = counters[head.counter] else { throw .badPiece("the rules have no such counter") }
    guard pieces.add(head, counter: counter) else { throw .badPiece("a range of keys does not follow the one before") }
    let keys = UnsafeRawBufferPointer(rebasing: bytes[EnginePiece.KeysHead.byteCount...])
    if let shard = shard(of: head) {
      return take(keys, into: shard) { [engine, generation] keys throws(EngineError) in
        let end = try Self.loadKeys(keys, from: 0, counter, shard, engine, generation)
        if end < keys.count { throw .badPiece("a key is cut short or of another shard") }
      }
    }
    var offset = 0
    while offset < keys.count {
      guard let first = WindowTable.exportedKey(keys, at: offset) else { throw .badPiece("a key is cut short") }
      let shard = engine.shards[engine.shard(of: first)]
      let loaded = shard.queue.sync {
        Result { () throws(EngineError) in
          try Self.loadKeys(keys, from: offset, counter, shard, engine, generation)
        }
      }
      offset = try loaded.get()
    }
  }

  /// Takes in keys as long as they are of this shard; returns where the first other one begins.
  private static func loadKeys(
    _ keys: UnsafeRawBufferPointer, from start: Int, _ counter: Int, _ shard: Shard, _ engine: Engine,
    _ generation: Generation
  ) throws(EngineError) -> Int {
    let table = generation.ownedTables(ofShard: shard.number)[counter]
    var offset = start
    while let key = WindowTable.exportedKey(keys, at: offset), engine.shard(of: key) == shard.number {
      do throws(WindowImportError) {
        offset += try table.importKey(UnsafeRawBufferPointer(rebasing: keys[offset...]), at: offset)
      } catch {
        throw .badPiece(error.description)
      }
    }
    return offset
  }

  private func loadLosses(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    guard let head = EnginePiece.KeysHead(bytes), let counter = counters[head.counter] else {
      throw .badPiece("losses of no counter")
    }
    let losses = UnsafeRawBufferPointer(rebasing: bytes[EnginePiece.KeysHead.byteCount...])
    // With another number of shards nobody knows any longer which one the lost keys would be in.
    for shard in shard(of: head).map({ [$0] }) ?? engine.shards {
      take(losses, into: shard) { [generation] losses throws(EngineError) in
        do throws(WindowImportError) {
          try generation.ownedTables(ofShard: shard.number)[counter].importLosses(losses)
        } catch {
          throw .badPiece(error.description)
        }
      }
    }
  }

  private func loadAnswers(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    var rest = bytes
    while !rest.isEmpty {
      let (run, shard) = try sameShard(rest)
      take(run, into: shard) { run in
        Self.forEach(run) { shard.answers.prefetch($0.id) }
        Self.forEach(run) { shard.answers.takeIn($0) }
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[run.count...])
    }
  }

  /// The answers at the start of `bytes` that belong to one shard: all of them, when there were as many shards then.
  private func sameShard(
    _ bytes: UnsafeRawBufferPointer
  ) throws(EngineError) -> (answers: UnsafeRawBufferPointer, shard: Shard) {
    var end = 0
    var shard: Int?
    while end < bytes.count {
      guard let exported = ExportedAnswer(UnsafeRawBufferPointer(rebasing: bytes[end...])) else {
        throw .badPiece("an answer is cut short")
      }
      let next = engine.shard(of: exported.id)
      guard shard == nil || shard == next else { break }
      shard = next
      end += exported.byteCount
    }
    return (UnsafeRawBufferPointer(rebasing: bytes[..<end]), engine.shards[shard ?? 0])
  }

  private static func forEach(_ answers: UnsafeRawBufferPointer, _ body: (ExportedAnswer) -> Void) {
    var rest = answers
    while let exported = ExportedAnswer(rest) {
      body(exported)
      rest = UnsafeRawBufferPointer(rebasing: rest[exported.byteCount...])
    }
  }
}

extension AnswerMemory {
  /// Remembers an answer that was exported, as the newest; one that is there stays as it is.
  fileprivate func takeIn(_ exported: ExportedAnswer) {
    let now = Int64(exported.createdAtSeconds) * 1_000
    guard case .new = recall(exported.id, content: exported.content, now: now) else { return }
    remember(exported.id, answer: exported.answer, now: now)
  }
}
