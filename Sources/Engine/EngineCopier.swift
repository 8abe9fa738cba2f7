import Windows

/// Copies an engine's windows and answers while calls go on, piece by piece.
///
///     let copier = engine.makeCopier { writer.nextIndex }
///     while let piece = try copier.next(into: &bytes) { … }
///     // The log below copier.endIndex must be durable before the copy counts for anything.
///
/// Each piece is taken at a standstill of its own, when the log has all that was counted and nothing else is, and says which
/// entry of the log that was. So the copy as a whole is of no one instant, and yet exact: whoever replays the log from
/// `firstIndex` on leaves out, piece by piece, what is in already (`SnapshotCut`). Calls wait for one piece at a time, some
/// 100 µs; whoever copies decides how much time is between two.
///
/// Not Sendable: for one thread.
public final class EngineCopier {
  /// Keys of one piece.
  static let pieceKeys = 512
  /// Bytes of answers of one piece.
  static let pieceBytes = 256 << 10
  /// Marks of lost keys looked at for one piece.
  static let pieceMarks = 16_384

  /// The state is that after the entries below this index, and after some of those from here to `endIndex`.
  public private(set) var firstIndex: UInt64 = 0
  public private(set) var endIndex: UInt64 = 0
  /// From when on the windows are whole.
  public var coverage: Coverage { generation.coverage }

  private let engine: Engine
  private let generation: Generation
  private let nextIndex: () -> UInt64
  /// What is still to be copied, taken in turn: so the shards can be filled side by side when it is read back.
  private var sources: [Source] = []
  private var turn = 0

  private enum Source {
    case keys(shard: Int, counter: Int, after: Hash128?)
    case losses(shard: Int, counter: Int, from: Int)
    case answers(shard: Int, from: UInt64)

    var piece: EnginePiece {
      switch self {
      case .keys: .keys
      case .losses: .losses
      case .answers: .answers
      }
    }
  }

  fileprivate init(_ engine: Engine, nextIndex: @escaping () -> UInt64) {
    self.engine = engine
    self.nextIndex = nextIndex
    var generation = engine.generation
    var index: UInt64 = 0
    engine.atStandstill {
      generation = engine.generation
      index = nextIndex()
    }
    self.generation = generation
    (firstIndex, endIndex) = (index, index)
    for counter in generation.rules.counters.indices {
      sources += engine.shards.map { .keys(shard: $0.number, counter: counter, after: nil) }
    }
    sources += engine.shards.map { .answers(shard: $0.number, from: 0) }
  }

  /// Appends the next piece to `bytes`.
  /// - Returns: what it is of; nil when nothing is left.
  /// - Throws: `EngineError.rulesChanged` when the copy cannot be finished because other rules are in force now.
  public func next(into bytes: inout [UInt8]) throws(EngineError) -> EnginePiece? {
    guard !sources.isEmpty else { return nil }
    turn %= sources.count
    var isCurrent = false
    var next: Source?
    engine.atStandstill {
      isCurrent = engine.generation === generation
      guard isCurrent else { return }
      endIndex = max(endIndex, nextIndex())
      next = copy(sources[turn], to: &bytes)
    }
    guard isCurrent else { throw .rulesChanged }
    let piece = sources[turn].piece
    if let next {
      sources[turn] = next
      turn += 1
    } else {
      sources.remove(at: turn)
    }
    return piece
  }

  /// Copies a piece; returns what is left of its source.
  private func copy(_ source: Source, to bytes: inout [UInt8]) -> Source? {
    switch source {
    case .keys(let shard, let counter, let last):
      return engine.shards[shard].queue.sync { copyKeys(shard, counter, after: last, to: &bytes) }
    case .losses(let shard, let counter, let first):
      return engine.shards[shard].queue.sync { copyLosses(shard, counter, from: first, to: &bytes) }
    case .answers(let shard, let first):
      let next = engine.shards[shard].queue.sync {
        engine.shards[shard].answers.exportAnswers(from: first, limit: Self.pieceBytes, to: &bytes)
      }
      return next.map { .answers(shard: shard, from: $0) }
    }
  }

  private func copyKeys(_ shard: Int, _ counter: Int, after last: Hash128?, to bytes: inout [UInt8]) -> Source? {
    let table = generation.ownedTables(ofShard: shard)[counter]
    var head = head(shard, counter)
    var keys: [UInt8] = []
    keys.reserveCapacity(Self.pieceKeys * 64)
    let next = table.exportKeys(after: last, limit: Self.pieceKeys, to: &keys)
    if let next { head.lastKey = next }
    head.append(to: &bytes)
    bytes += keys
    // Keys that go from now on are in the copy.
    return next.map { .keys(shard: shard, counter: counter, after: $0) }
      ?? .losses(shard: shard, counter: counter, from: 0)
  }

  private func copyLosses(_ shard: Int, _ counter: Int, from first: Int, to bytes: inout [UInt8]) -> Source? {
    head(shard, counter).append(to: &bytes)
    let next = generation.ownedTables(ofShard: shard)[counter]
      .exportLosses(from: first, limit: Self.pieceMarks, to: &bytes)
    return next.map { .losses(shard: shard, counter: counter, from: $0) }
  }

  private func head(_ shard: Int, _ counter: Int) -> EnginePiece.KeysHead {
    EnginePiece.KeysHead(
      counter: generation.rules.counters[counter].identity, shard: shard, shards: engine.shards.count,
      logIndex: endIndex, lastKey: SnapshotCut.behindAllKeys)
  }
}

extension Engine {
  /// - Parameter nextIndex: the index that the log will give next.
  public func makeCopier(nextIndex: @escaping () -> UInt64) -> EngineCopier { EngineCopier(self, nextIndex: nextIndex) }
}
