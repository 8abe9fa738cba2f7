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
  private let journal = Mutex<Journal?>(nil)
  private let engine = Mutex<Engine?>(nil)

  /// Compiles the rules; touches neither network nor data directory.
  /// - Throws: `GatehouseServerError`.
  public init(_ configuration: GatehouseConfiguration) throws(GatehouseServerError) {
    self.configuration = configuration
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

  /// Recovers the log, replays it into the windows, puts the rules file in force if it has changed, and begins to serve.
  /// - Parameter progress: told now and then how many entries of how many were replayed; on the calling thread.
  /// - Throws: `GatehouseServerError`; the server then goes on answering NOT_SERVING until it is drained.
  public func open(progress: (ReplayProgress) -> Void = { _ in }) throws(GatehouseServerError) {
    let journal = try openJournal()
    let events = journal.map { ServerEvents($0.writer, now: Self.now) }
    let engine: Engine
    do throws(GatehouseServerError) {
      engine = try restoredEngine(journal, progress: progress)
      try rulebook.open(engine, events)
    } catch {
      // Gives the directory back.
      journal?.close()
      throw error
    }
    journal?.startTicking(everyMilliseconds: Self.checkpointIntervalMilliseconds)
    self.journal.withLock { $0 = journal }
    self.engine.withLock { $0 = engine }
    insight.open(engine)
    gate.open(Gate.Opening(engine: engine, writer: journal?.writer, acknowledgements: acknowledgements))
    logService.open(journal, events)
    health.set(.serving)
  }

  /// Reads the rules file again and, if it has changed since it was last taken up, puts it in force between two calls;
  /// counters of both versions keep their windows.
  /// - Returns: the version now in force, as decisions name it.
  /// - Throws: `GatehouseServerError`; nothing has changed then.
  public func reloadRules() throws(GatehouseServerError) -> String {
    try rulebook.takeUp(try Self.rulesFile(configuration))
    return rulebook.rules.version
  }

  /// Stops: answers what was accepted, refuses the rest, closes the log. Returns when all is on disk.
  public func drain(within time: Duration) async {
    health.close()
    await transport.drain(within: time)
    log?.close()
  }

  /// What the transport has done so far.
  public var counters: ServerCounters { transport.counters }

  /// What the engine holds; nil before `open`.
  public func statistics() -> EngineStatistics? { engine.withLock { $0 }?.statistics() }

  /// The log; nil without one and before `open`.
  var log: Journal? { journal.withLock { $0 } }

  /// Takes the server's own events; nil without a log and before `open`.
  var events: ServerEvents? { log.map { ServerEvents($0.writer, now: Self.now) } }

  /// How the log was found; nil without a log and before `open`.
  public var recovery: RecoveryReport? { log?.recovery }

  private static let checkpointIntervalMilliseconds = 500

  private func openJournal() throws(GatehouseServerError) -> Journal? {
    guard let directory = configuration.dataDirectory else { return nil }
    let acknowledgements = acknowledgements
    do {
      return try Journal.open(
        storage: PosixStorage(root: directory), configuration: JournalConfiguration(origin: configuration.origin),
        now: Self.now, events: JournalEvents(progressed: { acknowledgements.advance($0) }))
    } catch let error as JournalError {
      throw .journal(error)
    } catch {
      throw .journal(JournalError(.storage, "\(error)"))
    }
  }

  private func restoredEngine(
    _ journal: Journal?, progress: (ReplayProgress) -> Void
  ) throws(GatehouseServerError) -> Engine {
    let engine = try makeEngine(journal)
    if let journal {
      var replay = Replay(journal, into: engine, rulebook)
      try replay.run(progress: progress)
    }
    return engine
  }

  private func makeEngine(_ journal: Journal?) throws(GatehouseServerError) -> Engine {
    var random = SystemRandomNumberGenerator()
    // Drawn anew at each start: nothing that is kept depends on it, and nobody outside can aim at a key.
    let hasher = KeyHasher(key0: random.next(), key1: random.next())
    do {
      return try Engine(
        rules: rulebook.rules.ruleSet, hasher: hasher, configuration: configuration.engine,
        book: journal.map { JournalBook($0.writer) })
    } catch {
      throw .engine(error)
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
