import Engine
import GatehouseProtocol
import Journal
import Rules
import Windows
import Wire

/// What a snapshot has brought back.
struct RestoredState {
  let engine: Engine
  /// Which entries from `index` on the engine holds already.
  let cut: SnapshotCut
  /// Where the replay begins.
  let index: UInt64
  let rules: CompiledRules
  let versions: RuleVersions
  let retention: RetentionPolicy?
}

/// Brings an engine back from a snapshot, record by record.
struct SnapshotLoading {
  /// Why a snapshot is not used.
  struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }

  private let rulebook: Rulebook
  private let makeEngine: (RuleSet, KeyHasher) throws -> Engine
  private let logEnd: UInt64
  private var hasher: KeyHasher?
  private var versions = RuleVersions()
  private var retention: RetentionPolicy?
  private var coverage = Coverage()
  private var rules: CompiledRules?
  private var loader: EngineLoader?
  private var engine: Engine?
  private var hasEnded = false

  /// - Parameter logEnd: where the log ends.
  init(rulebook: Rulebook, logEnd: UInt64, makeEngine: @escaping (RuleSet, KeyHasher) throws -> Engine) {
    (self.rulebook, self.logEnd, self.makeEngine) = (rulebook, logEnd, makeEngine)
  }

  /// Reads all of a snapshot.
  /// - Parameter isStopping: asked now and then; what is read is of no use any longer when it says so.
  /// - Throws: why it cannot be used.
  mutating func load(_ snapshot: SnapshotReader, isStopping: () -> Bool) throws -> RestoredState {
    var records = SnapshotRecords()
    var failure: (any Error)?
    try snapshot.read { piece in
      guard failure == nil else { return }
      do {
        if isStopping() { throw GatehouseServerError.stopped }
        guard try records.add(piece, { try take($0, $1) }) else { throw Failure("a record is none") }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    guard records.isAtEnd, hasEnded, let engine, let rules, let cut = try loader?.finish() else {
      throw Failure("parts are missing")
    }
    return RestoredState(
      engine: engine, cut: cut, index: snapshot.index, rules: rules, versions: versions, retention: retention)
  }

  private mutating func take(_ kind: SnapshotRecord, _ body: UnsafeRawBufferPointer) throws {
    guard !hasEnded else { throw Failure("there is something behind its end") }
    switch kind {
    case .head: try takeHead(body)
    case .event: try takeEvent(body)
    case .coverage: coverage = Coverage(body)
    case .losses: try engineLoader().load(.losses, body)
    case .keys: try engineLoader().load(.keys, body)
    case .answers: try engineLoader().load(.answers, body)
    case .end:
      _ = try engineLoader()
      guard body.count == 8, body.littleEndian(at: 0, as: UInt64.self) <= logEnd else {
        throw Failure("it holds more than the log")
      }
      hasEnded = true
    }
  }

  private mutating func takeHead(_ body: UnsafeRawBufferPointer) throws {
    guard let head = SnapshotHead(body), head.derivation == EnginePiece.derivation else {
      throw Failure("it was written by another version of the server")
    }
    hasher = KeyHasher(key0: head.key0, key1: head.key1)
  }

  private mutating func takeEvent(_ body: UnsafeRawBufferPointer) throws {
    let event = try ProtobufDecoder().decode(LogEntry.self, from: Array(body))
    if let version = event.rules { versions.add(version) }
    if let policy = event.retention { retention = policy }
  }

  /// The loader of an engine with the rules that were in force: everything else stands before the first piece.
  private mutating func engineLoader() throws -> EngineLoader {
    if let loader { return loader }
    guard let hasher, let inForce = versions.inForce else { throw Failure("it has no head or no rules") }
    let compiled = try rulebook.compile(inForce)
    let engine = try makeEngine(compiled.ruleSet, hasher)
    try engine.resume(coverage)
    let loader = EngineLoader(engine)
    (self.rules, self.engine, self.loader) = (compiled, engine, loader)
    return loader
  }
}
