import Arguments
import Dispatch
import Engine
import Glibc
import Journal
import Server
import Transport

/// `gatehouse serve`
enum ServeCommand {
  static let command = Command<CommandAction>(
    "serve", "Start a server",
    discussion: """
      Listens at once and says when calls are answered, after the log has been replayed; until then health is \
      NOT_SERVING. SIGTERM and SIGINT answer what was accepted and end; a second one ends at once. SIGHUP takes \
      up a changed rules file, once the log has been replayed; one with an error changes nothing. SIGUSR1 says on \
      standard error what was done so far, how many calls were refused with which status, what the windows hold, and \
      what had to give way because a bound was met, as the end of a drain does.
      """,
    examples: [
      Example("gatehouse serve --rules deploy/rules/trade.rules", "For a try: on this machine, nothing is kept"),
      Example(
        "gatehouse serve --rules trade.rules --data /var/lib/gatehouse --listen 0.0.0.0:7400,unix:/run/gatehouse.sock",
        "On every address and a Unix socket, with a log"),
      Example("gatehouse serve --config /etc/gatehouse/gatehouse.conf", "As deploy/gatehouse.service does"),
      Example("gatehouse serve --rules trade.rules --listen 127.0.0.1:0 --ready-file ready", "For scripts"),
    ],
    options: ServeOptions.all,
    exitCodes: [
      ExitCode.Meaning(ExitCode(128 + SIGINT), "a second signal, SIGINT, cut the drain short (128 + its number)"),
      ExitCode.Meaning(ExitCode(128 + SIGTERM), "a second signal, SIGTERM, cut the drain short (128 + its number)"),
    ], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    DescriptorLimit.raise()
    var configuration = try ServeOptions.configuration(arguments)
    configuration.report = { console.say("gatehouse: \($0)") }
    let server = try makeServer(configuration)
    // Before the first address is open, so that no signal is lost.
    let signals = try SignalStream.make(ServeLifecycle.signals)
    let endpoints = try listen(server)
    let (events, feed) = AsyncStream.makeStream(of: ServeLifecycle.Event.self)
    let forwarding = Task { for await number in signals { feed.yield(.signal(number)) } }
    defer { forwarding.cancel() }
    open(server, console, feed)

    var lifecycle = ServeLifecycle()
    for await event in events {
      switch lifecycle.handle(event) {
      case .announce(let reloads):
        try announce(endpoints, server, arguments, console)
        if reloads { reload(server, console) }
      case .postponeReload:
        console.say("gatehouse: the log is being replayed; the rules file is read again after that")
      case .reload: reload(server, console)
      case .report: report(server, console)
      case .drain:
        console.say("gatehouse: draining; once more to end at once")
        Task {
          await server.drain(within: arguments[ServeOptions.drainTimeout])
          feed.yield(.drained)
        }
      case .exit(let status):
        // Who has never served has nothing to add to why.
        if event != .failed { report(server, console) }
        return ExitCode(status)
      case .nothing: break
      }
    }
    return .ok
  }

  private static func makeServer(_ configuration: GatehouseConfiguration) throws(CommandFailure) -> GatehouseServer {
    do {
      return try GatehouseServer(configuration)
    } catch {
      // The rules are wrong, and stay so until somebody mends them: no reason to start again.
      let advice = "See gatehouse rules check \(configuration.rulesPath)"
      throw CommandFailure("the server was not started: \(error)", advice: advice, exitCode: .usage)
    }
  }

  private static func listen(_ server: GatehouseServer) throws(CommandFailure) -> [Endpoint] {
    do {
      return try server.listen()
    } catch {
      throw CommandFailure("the server was not started: \(error)", advice: "Choose another address with --listen")
    }
  }

  /// Replays the log on a thread that may block.
  private static func open(
    _ server: GatehouseServer, _ console: Console, _ feed: AsyncStream<ServeLifecycle.Event>.Continuation
  ) {
    DispatchQueue.global().async {
      var lastShown = ContinuousClock.now
      do throws(GatehouseServerError) {
        try server.open { progress in
          guard progress.total > 0, ContinuousClock.now - lastShown >= .seconds(1) else { return }
          lastShown = .now
          console.say("gatehouse: replayed \(progress.done) of \(Quantity.entries(progress.total)) of the log")
        }
        feed.yield(.opened)
      } catch {
        console.say("gatehouse: \(reason(of: error))")
        feed.yield(.failed)
      }
    }
  }

  /// Why it has not opened, in the words of the command line.
  static func reason(of error: GatehouseServerError) -> String {
    guard case .retentionTooShort(let milliseconds, let needed) = error else { return "\(error)" }
    let text = { (milliseconds: Int64) in ValueType<Duration>.duration.format(.milliseconds(milliseconds)) }
    return """
      --keep-for \(text(milliseconds)) is too short: the rules' windows with --max-lateness, and --remember-ids, need \
      \(text(needed)); 0s keeps all
      """
  }

  private static func reload(_ server: GatehouseServer, _ console: Console) {
    do {
      console.say("gatehouse: rules \(try server.reloadRules()) are in force")
    } catch {
      console.say("gatehouse: the rules stay as they are: \(error)")
    }
  }

  private static func announce(
    _ endpoints: [Endpoint], _ server: GatehouseServer, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandFailure) {
    let addresses = endpoints.map(\.description)
    if let recovery = server.recovery { console.say("gatehouse: \(summary(of: recovery))") }
    if let path = arguments[ServeOptions.readyFile] { try ReadyFile(path: path).write(addresses) }
    console.say("gatehouse: ready on \(addresses.joined(separator: ", "))")
  }

  private static func report(_ server: GatehouseServer, _ console: Console) {
    console.say("gatehouse: \(summary(of: server.counters))")
    if let statistics = server.statistics() { console.say("gatehouse: \(summary(of: statistics))") }
  }

  /// What the windows hold, and whether a bound was met: then decisions may be marked `incomplete`, and retries count twice.
  static func summary(of statistics: EngineStatistics) -> String {
    let keys = Quantity.of(statistics.keys, "window key", "window keys")
    let dropped = Quantity.of(statistics.droppedEvents, "event", "events")
    let ids = Quantity.of(statistics.rememberedIDs, "id", "ids")
    return """
      \(keys) in \(Quantity.bytes(UInt64(statistics.windowBytes))); gave way to others: \(statistics.evictedKeys), \
      dropped from full windows: \(dropped), too late to count: \(statistics.tooLateActivities); \(ids) remembered, \
      forgotten early: \(statistics.forgottenEarly)
      """
  }

  /// What an operator asks first: how much was done, and what was not.
  static func summary(of counters: ServerCounters) -> String {
    let ended = counters.protocolErrors + counters.timeouts + counters.limitsExceeded + counters.refusedOpening
    let turnedAway = counters.refusedOverLimit + counters.refusedOutOfDescriptors
    let calls = Quantity.of(counters.callsBatched, "decision or record", "decisions and records")
    let batches = Quantity.of(counters.batches, "batch", "batches")
    let others = Quantity.of(counters.tasksStarted, "other call", "other calls")
    return """
      \(calls) asked for in \(batches), \(others); refused: \(counters.refusals); connections: \(counters.connectionsOpen) of \(counters.connectionsAccepted) \
      are open, \(ended) were ended for what their peers did, \(turnedAway) were turned away
      """
  }

  /// What was found in the data directory; above all, whether anything of it was lost.
  static func summary(of recovery: RecoveryReport) -> String {
    let segments = Quantity.of(recovery.segments, "segment", "segments")
    let entries = "the log has \(Quantity.entries(recovery.endIndex - recovery.firstIndex)) in \(segments)"
    var parts = [entries]
    if recovery.tornBytes > 0 {
      let torn = Quantity.of(recovery.tornBytes, "byte", "bytes")
      parts.append("\(torn) of an interrupted write cut from \(recovery.tornFile ?? "it")")
    }
    if !recovery.mendedTiles.isEmpty {
      parts.append("made anew, to the root that was signed: \(recovery.mendedTiles.joined(separator: ", "))")
    }
    if recovery.hasNoCheckpoint {
      parts.append(
        """
        there was no checkpoint, so nothing here shows whether entries are missing at its end: as expected if its first \
        start was cut short, else somebody removed it, and one that was kept elsewhere shows it: gatehouse log verify \
        DIR --against CHECKPOINT
        """)
    }
    return parts.joined(separator: "; ")
  }
}
