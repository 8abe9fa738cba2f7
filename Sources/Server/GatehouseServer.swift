import Engine
import Foundation
import GatehouseProtocol
import Journal
import Rules
import Synchronization
import Transport
import Windows
import Wire

/// A whole Gatehouse: the one place where the rooms are put together.
///
///     let server = try GatehouseServer(configuration)
///     let endpoints = try server.listen()           // Health answers NOT_SERVING from here on
///     try server.open { progress in … }             // recovers and replays the log; SERVING afterwards
///     …
///     await server.drain(within: .seconds(10))
public final class GatehouseServer: Sendable {
  public static let version = "0.1.0"

  private let configuration: GatehouseConfiguration
  let rulebook: Rulebook
  private let health = HealthService()
  private let insight = RuleInsight(now: now)
  private let logService = LogService()
  private let gate: Gate
  private let acknowledgements: Acknowledgements
  private let transport: RPCServer
  private let running = Mutex<Running?>(nil)
  /// Held while the server opens and while it closes.
  private let passage = Mutex(())
  private let isStopping = Atomic(false)
  private let openStorage: StorageOpening

  /// Opens the data directory at a path, making it if it is missing.
  typealias StorageOpening = @Sendable (String) throws(StorageError) -> any Storage

  /// What an open server has.
  private struct Running: Sendable {
    let engine: Engine
    let journal: Journal?
    let events: ServerEvents?
    let snapshots: SnapshotTaker?
    let retention: Retention?
  }

  /// Compiles the rules; touches neither network nor data directory.
  /// - Throws: `GatehouseServerError`.
  public convenience init(_ configuration: GatehouseConfiguration) throws(GatehouseServerError) {
    try self.init(configuration) { path throws(StorageError) in try PosixStorage(root: path) }
  }

  init(
    _ configuration: GatehouseConfiguration, openStorage: @escaping StorageOpening
  ) throws(GatehouseServerError) {
    self.configuration = configuration
    self.openStorage = openStorage
    rulebook = Rulebook(
      file: try Self.rulesFile(configuration), latenessMilliseconds: configuration.latenessMilliseconds, now: Self.now)
    let gate = Gate(ioQueues: ServerConfiguration.maxIOQueues, now: Self.now)
    let replies = ReplySender()
    acknowledgements = Acknowledgements { replies.send($0) }
    self.gate = gate
    transport = RPCServer(
      configuration: configuration.transport, methods: Self.methods(health, rulebook, insight, logService),
      batchHandler: gate)
    replies.server.withLock { $0 = transport }
  }

  /// Listens; returns where, with the ports that the system chose.
  /// - Throws: `GatehouseServerError.transport`.
  public func listen() throws(GatehouseServerError) -> [Endpoint] {
    do throws(TransportError) {
      return try transport.start()
    } catch {
      throw .transport(error)
    }
  }

  /// Recovers the log, brings windows and answers back, puts the rules file in force if it has changed, and begins to
  /// serve.
  /// - Parameter progress: told now and then how many entries of how many were replayed; on the calling thread.
  /// - Throws: `GatehouseServerError`; the server then goes on answering NOT_SERVING until it is drained.
  public func open(progress: (ReplayProgress) -> Void = { _ in }) throws(GatehouseServerError) {
    try passage.withLock { _ throws(GatehouseServerError) in
      let journal = try openJournal()
      let running: Running
      do throws(GatehouseServerError) {
        running = try start(journal, progress)
      } catch {
        // Gives the directory back.
        journal?.close()
        throw error
      }
      journal?.startTicking(everyMilliseconds: Self.checkpointIntervalMilliseconds)
      running.snapshots?.start()
      running.retention?.start()
      self.running.withLock { $0 = running }
      insight.open(running.engine)
      logService.open(journal, running.events)
      gate.open(
        Gate.Opening(engine: running.engine, writer: journal?.writer, acknowledgements: acknowledgements))
      health.set(.serving)
    }
  }

  private func start(
    _ journal: Journal?, _ progress: (ReplayProgress) -> Void
  ) throws(GatehouseServerError) -> Running {
    let restart = Restart(
      configuration: configuration, rulebook: rulebook, report: configuration.report,
      isStopping: { [self] in isStopping.load(ordering: .relaxed) })
    let restored = try restart.run(journal, progress: progress)
    let engine = restored.engine
    let events = journal.map { ServerEvents($0.writer, now: Self.now) }
    try rulebook.open(engine, events)
    guard let journal, let events else {
      return Running(engine: engine, journal: nil, events: nil, snapshots: nil, retention: nil)
    }
    let retention = Retention(
      journal, events, rulebook, keepForMilliseconds: configuration.keepForMilliseconds,
      rememberMilliseconds: configuration.engine.retentionSeconds * 1_000, now: Self.now, report: configuration.report)
    try retention.open(last: restored.retention)
    let snapshots = SnapshotTaker(
      journal, engine, rulebook, retention: retention.policy,
      schedule: .init(entries: configuration.snapshotEntries, interval: configuration.snapshotInterval),
      lastIndex: restored.snapshotIndex, now: Self.now, report: configuration.report)
    return Running(engine: engine, journal: journal, events: events, snapshots: snapshots, retention: retention)
  }

  /// Reads the rules file again and, if it has changed since it was last taken up, puts it in force between two calls;
  /// counters of both versions keep their windows.
  /// - Returns: the version now in force, as decisions name it.
  /// - Throws: `GatehouseServerError`; nothing has changed then.
  public func reloadRules() throws(GatehouseServerError) -> String {
    try rulebook.takeUp(try Self.rulesFile(configuration))
    return rulebook.rules.version
  }

  /// Stops: answers what was accepted, refuses the rest, takes a snapshot, closes the log. Returns when all is on disk. A
  /// replay under way is given up.
  public func drain(within time: Duration) async {
    giveUpOpening()
    health.close()
    await transport.drain(within: time)
    passage.withLock { _ in
      let running = running.withLock { $0 }
      running?.retention?.stop()
      running?.snapshots?.stop()
      running?.journal?.close()
    }
  }

  /// A replay under way ends at its next step, as `open` then says.
  func giveUpOpening() { isStopping.store(true, ordering: .relaxed) }

  /// What the transport has done so far.
  public var counters: ServerCounters { transport.counters }

  /// What the engine holds; nil before `open`.
  public func statistics() -> EngineStatistics? { running.withLock { $0 }?.engine.statistics() }

  /// The log; nil without one and before `open`.
  var log: Journal? { running.withLock { $0 }?.journal }

  /// Takes the server's own events; nil without a log and before `open`.
  var events: ServerEvents? { running.withLock { $0 }?.events }

  /// Takes snapshots; nil without a log and before `open`.
  var snapshots: SnapshotTaker? { running.withLock { $0 }?.snapshots }

  /// Removes old entries; nil without a log and before `open`.
  var retention: Retention? { running.withLock { $0 }?.retention }

  /// How the log was found; nil without a log and before `open`.
  public var recovery: RecoveryReport? { log?.recovery }

  private static let checkpointIntervalMilliseconds = 500

  private func openJournal() throws(GatehouseServerError) -> Journal? {
    guard let directory = configuration.dataDirectory else { return nil }
    let (acknowledgements, health) = (acknowledgements, health)
    let watch = LogWatch(report: configuration.report, failed: { health.fail() })
    let events = JournalEvents(
      progressed: {
        // First, so that whoever is told that the log has failed finds health NOT_SERVING.
        watch.progressed(to: $0.condition)
        acknowledgements.advance($0)
      }, published: { _ in watch.published() }, publishingFailed: { watch.publishingFailed($0) })
    do {
      let storage = try openStorage(directory)
      var journal = JournalConfiguration(origin: configuration.origin)
      journal.limits.segmentBytes = configuration.segmentBytes
      // A snapshot stands for what is before; if it cannot be used, the replay checks what it reads.
      journal.checkFrom = try SnapshotStore.newestIndex(in: storage)
      return try Journal.open(storage: storage, configuration: journal, now: Self.now, events: events)
    } catch let error as JournalError {
      throw .journal(error)
    } catch {
      throw .journal(JournalError(.storage, "\(error)"))
    }
  }

  private static func rulesFile(
    _ configuration: GatehouseConfiguration
  ) throws(GatehouseServerError) -> CompiledRules {
    try CompiledRules.read(configuration.rulesPath, latenessMilliseconds: configuration.latenessMilliseconds)
  }

  private static func methods(
    _ health: HealthService, _ rulebook: Rulebook, _ insight: RuleInsight, _ logService: LogService
  ) -> MethodTable {
    var table = MethodTable()
    table.addBatched(UInt16(GatehouseMethods.evaluate.id))
    table.addBatched(UInt16(GatehouseMethods.recordActivity.id))
    table.add(HealthMethods.check) { request throws(RPCError) in try health.check(request) }
    table.add(stream: HealthMethods.watch) { request, send throws(RPCError) in
      try await health.watch(request, send: send)
    }
    RulesService(rulebook).add(to: &table)
    table.add(RulesMethods.getRuleStatistics) { _ throws(RPCError) in try insight.statistics() }
    table.add(RulesMethods.explain) { request throws(RPCError) in try insight.explain(request) }
    logService.add(to: &table)
    let served = Set(table.methods.map(UInt32.init) + [ReflectionMethods.describe.id])
    table.add(ReflectionMethods.describe) { _ in
      DescribeResponse(version: version, rules: rulebook.rules.ruleSet, served: served)
    }
    return table
  }

  @Sendable
  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// Breaks the circle between the gate, which needs somebody to send deferred answers, and the server, which needs the
/// gate.
private final class ReplySender: Sendable {
  let server = Mutex<RPCServer?>(nil)

  func send(_ replies: DeferredReplies) { server.withLock { $0 }?.complete(replies) }
}
