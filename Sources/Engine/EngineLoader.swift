import Windows

/// Takes in the pieces that an `EngineCopier` made, into an engine that has not been asked anything yet: with the same
/// rules and the same hasher, but any number of shards.
///
/// Not Sendable: for one thread.
public final class EngineLoader {
  /// To be regarded by a replay from the copy's first index on; nil as long as pieces are missing.
  public var cut: SnapshotCut? { pieces.isComplete || generation.rules.counters.isEmpty ? pieces : nil }

  private let engine: Engine
  private let generation: Generation
  private let counters: [Hash128: Int]
  private var pieces: SnapshotCut

  public init(_ engine: Engine) {
    self.engine = engine
    generation = engine.generation
    let counters = generation.rules.counters
    self.counters = Dictionary(
      counters.enumerated().map { ($1.identity, $0) }, uniquingKeysWith: { first, _ in first })
    pieces = SnapshotCut(counters: counters.count)
  }

  /// Takes in one piece.
  /// - Throws: `EngineError.badPiece`; the engine is then of no use.
  public func load(_ piece: EnginePiece, _ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    switch piece {
    case .keys: try loadKeys(bytes)
    case .losses: try loadLosses(bytes)
    case .answers: try loadAnswers(bytes)
    }
  }

  private func loadKeys(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    guard let head = EnginePiece.KeysHead(bytes) else { throw .badPiece("keys without a head") }
    guard let counter = counters[head.counter] else { throw .badPiece("the rules have no such counter") }
    guard pieces.add(head, counter: counter) else { throw .badPiece("a range of keys does not follow the one before") }
    let keys = UnsafeRawBufferPointer(rebasing: bytes[EnginePiece.KeysHead.byteCount...])
    var offset = 0
    while offset < keys.count {
      guard let first = WindowTable.exportedKey(keys, at: offset) else { throw .badPiece("a key is cut short") }
      let shard = engine.shards[engine.shard(of: first)]
      let loaded = shard.queue.sync { loadKeys(keys, from: offset, counter, shard) }
      offset = try loaded.get()
    }
  }

  /// Takes in keys as long as they are of this shard; returns where the first other one begins.
  private func loadKeys(
    _ keys: UnsafeRawBufferPointer, from start: Int, _ counter: Int, _ shard: Shard
  ) -> Result<Int, EngineError> {
    let table = generation.ownedTables(ofShard: shard.number)[counter]
    var offset = start
    while let key = WindowTable.exportedKey(keys, at: offset), engine.shard(of: key) == shard.number {
      do throws(WindowImportError) {
        offset += try table.importKey(UnsafeRawBufferPointer(rebasing: keys[offset...]), at: offset)
      } catch {
        return .failure(.badPiece(error.description))
      }
    }
    return .success(offset)
  }

  private func loadLosses(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    guard let head = EnginePiece.KeysHead(bytes), let counter = counters[head.counter] else {
      throw .badPiece("losses of no counter")
    }
    let losses = UnsafeRawBufferPointer(rebasing: bytes[EnginePiece.KeysHead.byteCount...])
    // With another number of shards nobody knows any longer which one the lost keys would be in.
    for shard in engine.shards where head.shards != engine.shards.count || shard.number == head.shard {
      let failure: WindowImportError? = shard.queue.sync {
        do throws(WindowImportError) {
          try generation.ownedTables(ofShard: shard.number)[counter].importLosses(losses)
          return nil
        } catch {
          return error
        }
      }
      if let failure { throw .badPiece(failure.description) }
    }
  }

  private func loadAnswers(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
    // The index is large and its places are random: all that the piece needs are asked for before the first is needed.
    var ahead = bytes
    while let exported = ExportedAnswer(ahead) {
      engine.shards[engine.shard(of: exported.id)].answers.prefetch(exported.id)
      ahead = UnsafeRawBufferPointer(rebasing: ahead[exported.byteCount...])
    }
    var rest = bytes
    while !rest.isEmpty {
      guard let exported = ExportedAnswer(rest) else { throw .badPiece("an answer is cut short") }
      let shard = engine.shards[engine.shard(of: exported.id)]
      shard.queue.sync { shard.answers.takeIn(exported) }
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
