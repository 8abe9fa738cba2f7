@preconcurrency import Dispatch
import Engine
import GatehouseProtocol
import Glibc
import Journal
import Synchronization
import Wire

/// Takes snapshots of the engine while it serves, so that a restart need not replay the whole log.
///
/// Off the hot path but for the copying itself: calls wait while a piece is copied, some 100 µs, for a tenth of the time at
/// most. So nothing is held twice in memory, and no call waits longer the more keys there are.
final class SnapshotTaker: Sendable {
  /// When to take one: as soon as so many entries would have to be replayed, or there are any and so much time is over.
  struct Schedule: Sendable {
    var entries: UInt64 = 10_000_000
    var interval: Duration = .seconds(600)
  }

  /// Why none was taken.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Copying takes this part of the time at most: one in so many.
  private static let shareOfTime = 10
  private static let retryInterval = Duration.seconds(60)
  private static let tick = DispatchTimeInterval.seconds(1)

  private struct State {
    /// The log index of the newest snapshot, and when it was taken or tried.
    var lastIndex: UInt64
    var lastTime = ContinuousClock.now
    var retryTime: ContinuousClock.Instant?
  }

  private let journal: Journal
  private let engine: Engine
  private let rulebook: Rulebook
  private let retention: RetentionPolicy
  private let schedule: Schedule
  private let now: @Sendable () -> Int64
  private let report: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "gatehouse.snapshots", qos: .utility)
  private let timer: DispatchSourceTimer
  private let state: Mutex<State>
  private let isStopping = Atomic(false)

  /// - Parameters:
  ///   - retention: the policy that the log has said.
  ///   - lastIndex: of the snapshot that the engine began with; 0 without one.
  ///   - report: told when none could be taken.
  init(
    _ journal: Journal, _ engine: Engine, _ rulebook: Rulebook, retention: RetentionPolicy, schedule: Schedule,
    lastIndex: UInt64, now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (String) -> Void
  ) {
    (self.journal, self.engine, self.rulebook) = (journal, engine, rulebook)
    (self.retention, self.schedule, self.now, self.report) = (retention, schedule, now, report)
    state = Mutex(State(lastIndex: lastIndex))
    timer = DispatchSource.makeTimerSource(queue: queue)
  }

  deinit {
    timer.activate()
    timer.cancel()
  }

  /// Takes snapshots from now on.
  func start() {
    timer.setEventHandler { [weak self] in self?.takeIfDue() }
    timer.schedule(deadline: .now() + Self.tick, repeating: Self.tick)
    timer.activate()
  }

  /// Ends what is under way and takes a last one; to be called when no call is served any longer.
  func stop() {
    isStopping.store(true, ordering: .relaxed)
    timer.activate()
    timer.cancel()
    queue.sync {
      do {
        try take(inHurry: true)
      } catch {
        report("no snapshot was taken at the end; the next start replays more of the log: \(error)")
      }
    }
  }

  private func takeIfDue() {
    let entries = journal.writer.nextIndex - state.withLock { $0.lastIndex }
    let isDue = state.withLock { state in
      let time = ContinuousClock.now
      if let retry = state.retryTime { return time >= retry }
      return entries >= schedule.entries || entries > 0 && time - state.lastTime >= schedule.interval
    }
    guard isDue else { return }
    do {
      try take(inHurry: false)
    } catch EngineError.rulesChanged {
      // Taken anew at the next tick.
    } catch  where isStopping.load(ordering: .relaxed) {
      // The last one is taken by `stop`.
    } catch {
      state.withLock { $0.retryTime = .now + Self.retryInterval }
      report("no snapshot was taken; a restart would replay more of the log: \(error)")
    }
  }

  /// Takes a snapshot unless nothing has happened since the last one.
  /// - Parameter inHurry: nobody waits, so no pauses are made.
  /// - Throws: `EngineError.rulesChanged` when rules came into force meanwhile; what the storage throws; `Failure`.
  func take(inHurry: Bool) throws {
    guard journal.writer.nextIndex > state.withLock({ $0.lastIndex }) else { return }
    // Rules come into force before or behind this, so the versions are those of the copy.
    let (copier, versions) = rulebook.whileUnchanged { versions in
      (engine.makeCopier { [writer = journal.writer] in writer.nextIndex }, versions)
    }
    try journal.snapshots.write(index: copier.firstIndex, timeMilliseconds: now()) { writer in
      try writer.append(try prelude(versions, copier.coverage))
      try copy(copier, to: &writer, inHurry: inHurry)
      // What the copy has counted must be found in the log for as long as the copy is there.
      journal.writer.settle()
      guard journal.writer.durableIndex >= copier.endIndex else {
        throw Failure(description: "the log is not durable: \(journal.writer.condition)")
      }
    }
    state.withLock { $0 = State(lastIndex: copier.firstIndex) }
  }

  private func prelude(_ versions: RuleVersions, _ coverage: Coverage) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let (key0, key1) = engine.hasher.secret
    SnapshotRecord.append(.head, to: &bytes) {
      $0 += SnapshotHead(derivation: EnginePiece.derivation, key0: key0, key1: key1).bytes
    }
    for version in versions.all.reversed() {
      try SnapshotRecord.append(.event, to: &bytes) {
        $0 += try ProtobufEncoder().encode(LogEntry(createdAt: version.appliedAt, rules: version))
      }
    }
    try SnapshotRecord.append(.event, to: &bytes) {
      $0 += try ProtobufEncoder().encode(LogEntry(retention: retention))
    }
    SnapshotRecord.append(.coverage, to: &bytes) { $0 += coverage.bytes }
    return bytes
  }

  private func copy(_ copier: EngineCopier, to writer: inout SnapshotWriter, inHurry: Bool) throws {
    var bytes: [UInt8] = []
    while true {
      guard inHurry || !isStopping.load(ordering: .relaxed) else { throw Failure(description: "the server ends") }
      bytes.removeAll(keepingCapacity: true)
      let start = ContinuousClock.now
      var isOver = false
      var kind = SnapshotRecord.keys
      try SnapshotRecord.append(kind, to: &bytes) { bytes in
        if let piece = try copier.next(into: &bytes) { kind = SnapshotRecord(piece) } else { isOver = true }
      }
      let elapsed = ContinuousClock.now - start
      if isOver { break }
      bytes[0] = kind.rawValue
      try writer.append(bytes)
      if !inHurry { Self.pause(until: start + elapsed * Self.shareOfTime) }
    }
    bytes.removeAll()
    SnapshotRecord.append(.end, to: &bytes) { $0 += copier.endIndex.littleEndianBytes }
    try writer.append(bytes)
  }

  private static func pause(until time: ContinuousClock.Instant) {
    let rest = (time - .now).components
    guard rest.seconds >= 0, rest.attoseconds > 0 else { return }
    usleep(UInt32(clamping: rest.seconds * 1_000_000 + rest.attoseconds / 1_000_000_000_000))
  }
}
