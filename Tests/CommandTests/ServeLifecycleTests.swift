import Arguments
import Foundation
import Glibc
import Journal
import Testing
import Transport

@testable import Engine
@testable import gatehouse

@Suite("A server and its signals")
struct ServeLifecycleTests {
  private func serving() -> ServeLifecycle {
    var lifecycle = ServeLifecycle()
    #expect(lifecycle.handle(.opened) == .announce(reloads: false))
    return lifecycle
  }

  @Test("a server that has opened is announced, once")
  func announce() {
    var lifecycle = serving()
    #expect(lifecycle.phase == .serving)
    #expect(lifecycle.handle(.opened) == .nothing)
  }

  @Test("one that cannot open ends with status 1")
  func failure() {
    var lifecycle = ServeLifecycle()
    #expect(lifecycle.handle(.failed) == .exit(1))
    #expect(lifecycle.phase == .over)
  }

  @Test("a signal that comes before it has opened drains, and its opening is then not announced")
  func early() {
    var lifecycle = ServeLifecycle()
    #expect(lifecycle.handle(.signal(SIGHUP)) == .postponeReload)
    #expect(lifecycle.handle(.signal(SIGTERM)) == .drain)
    #expect(lifecycle.handle(.opened) == .nothing)
    #expect(lifecycle.handle(.failed) == .nothing)
    #expect(lifecycle.handle(.drained) == .exit(0))
  }

  @Test("SIGHUP reloads as often as it comes")
  func reload() {
    var lifecycle = serving()
    #expect(lifecycle.handle(.signal(SIGHUP)) == .reload)
    #expect(lifecycle.handle(.signal(SIGHUP)) == .reload)
    #expect(lifecycle.phase == .serving)
  }

  @Test("a SIGHUP that comes before it has opened is obeyed then, once")
  func earlyReload() {
    var lifecycle = ServeLifecycle()
    #expect(lifecycle.handle(.signal(SIGHUP)) == .postponeReload)
    #expect(lifecycle.handle(.signal(SIGHUP)) == .postponeReload)
    #expect(lifecycle.handle(.opened) == .announce(reloads: true))
    #expect(lifecycle.handle(.opened) == .nothing)
  }

  @Test("the first SIGTERM or SIGINT drains, and the end of that ends the process well", arguments: [SIGTERM, SIGINT])
  func drain(number: Int32) {
    var lifecycle = serving()
    #expect(lifecycle.handle(.signal(number)) == .drain)
    #expect(lifecycle.handle(.signal(SIGHUP)) == .nothing)
    #expect(lifecycle.handle(.drained) == .exit(0))
    #expect(lifecycle.phase == .over)
  }

  @Test("the second one ends it at once, with the shell's status for that signal")
  func impatience() {
    var lifecycle = serving()
    #expect(lifecycle.handle(.signal(SIGINT)) == .drain)
    #expect(lifecycle.handle(.signal(SIGTERM)) == .exit(128 + SIGTERM))
    #expect(lifecycle.handle(.signal(SIGTERM)) == .nothing)
    #expect(lifecycle.handle(.drained) == .nothing)
  }

  @Test("help names the status that a second signal leaves behind", arguments: [SIGINT, SIGTERM])
  func impatienceIsDocumented(number: Int32) {
    var lifecycle = serving()
    _ = lifecycle.handle(.signal(SIGTERM))
    #expect(lifecycle.handle(.signal(number)) == .exit(128 + number))
    #expect(ServeCommand.command.exitCodes.map(\.code).contains(ExitCode(128 + number)))
  }

  @Test("SIGUSR1 asks for a report in every phase, and changes none")
  func report() {
    var lifecycle = ServeLifecycle()
    #expect(lifecycle.handle(.signal(SIGUSR1)) == .report)
    #expect(lifecycle.handle(.opened) == .announce(reloads: false))
    #expect(lifecycle.handle(.signal(SIGUSR1)) == .report)
    #expect(lifecycle.handle(.signal(SIGTERM)) == .drain)
    #expect(lifecycle.handle(.signal(SIGUSR1)) == .report)
    #expect(lifecycle.handle(.drained) == .exit(0))
  }

  @Test("a report says how many calls were refused with which status")
  func summary() {
    var counters = ServerCounters()
    #expect(ServeCommand.summary(of: counters).contains("refused: none"))
    counters.callsBatched = 12
    counters.refusals[.invalidArgument] = 3
    counters.refusals[.unauthenticated] = 1
    let summary = ServeCommand.summary(of: counters)
    #expect(summary.contains("12 decisions") && summary.contains("refused: INVALID_ARGUMENT 3, UNAUTHENTICATED 1"))
  }

  @Test("what was found at start is told: what was cut, which tiles were made anew, and that there was no checkpoint")
  func recovery() {
    var report = RecoveryReport()
    (report.endIndex, report.segments) = (7, 1)
    #expect(ServeCommand.summary(of: report) == "the log has 7 entries in 1 segment")
    (report.tornBytes, report.tornFile, report.mendedTiles) = (3, "s", ["tile/1/000.p/2"])
    let told = ServeCommand.summary(of: report)
    #expect(told.contains("; 3 bytes of an interrupted write cut from s; made anew"))
    #expect(told.hasSuffix("; made anew, to the root that was signed: tile/1/000.p/2"))
    report.hasNoCheckpoint = true
    #expect(ServeCommand.summary(of: report).contains("; there was no checkpoint, so nothing here shows whether"))
    #expect(ServeCommand.summary(of: report).hasSuffix("gatehouse log verify DIR --against CHECKPOINT"))
  }

  @Test("a report says what the windows hold, and what gave way to a bound")
  func windows() {
    var statistics = EngineStatistics()
    statistics.keys = 2
    statistics.windowBytes = 1_280
    statistics.evictedKeys = 7
    statistics.droppedEvents = 1
    statistics.tooLateActivities = 5
    statistics.rememberedIDs = 3
    statistics.forgottenEarly = 4
    #expect(
      ServeCommand.summary(of: statistics) == """
        2 window keys in 1.28 kB; gave way to others: 7, dropped from full windows: 1 event, too late to count: 5; \
        3 ids remembered, forgotten early: 4
        """)
  }

  @Test("nothing else does anything")
  func others() {
    var lifecycle = serving()
    #expect(lifecycle.handle(.signal(SIGUSR2)) == .nothing)
    #expect(lifecycle.handle(.drained) == .nothing)
    #expect(lifecycle.phase == .serving)
  }

  @Test("signals come as values, in order", .timeLimit(.minutes(1)))
  func stream() async throws {
    var signals = try SignalStream.make([SIGUSR1, SIGUSR2]).makeAsyncIterator()
    for number in Array(repeating: [SIGUSR1, SIGUSR2, SIGUSR2, SIGUSR1], count: 50).joined() {
      kill(getpid(), number)
      #expect(await signals.next() == number)
    }
  }

  @Test("the ready file holds the addresses, and is replaced as a whole")
  func readyFile() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("ready-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = ReadyFile(path: path)
    try file.write(["127.0.0.1:7400", "unix:/run/x"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "127.0.0.1:7400\nunix:/run/x\n")
    try file.write(["[::1]:1"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "[::1]:1\n")
    #expect(throws: CommandFailure.self) { try ReadyFile(path: path + "/x").write([]) }
  }
}
