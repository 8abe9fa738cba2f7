import Foundation
import Synchronization
import Testing
import Transport
import Wire

@testable import Bench

@Suite("A run")
struct LoadRunTests {
  /// For answers that come: a machine that does much else besides may let them wait.
  private static let patience = Duration.seconds(20)

  /// A short run against `server`; the server is stopped afterwards.
  private func run(
    against server: FakeServer, _ change: (inout RunOptions) -> Void = { _ in }
  ) throws -> LoadRun.Outcome {
    defer { server.stop() }
    var options = RunOptions()
    options.server = server.endpoint
    options.warmup = .zero
    options.duration = .milliseconds(300)
    options.drain = .milliseconds(300)
    change(&options)
    return try LoadRun(options, interrupt: Interrupt(), report: { _ in }).run()
  }

  @Test("in a closed loop counts every answer")
  func closed() throws {
    let server = try FakeServer { _, _ in .ok([0x08, 0x03]) }
    let outcome = try run(against: server) {
      $0.connections = 3
      $0.depth = 4
      $0.drain = Self.patience
    }
    let details = outcome.result.details
    let answered = try #require(details.status["OK"])
    #expect(answered == outcome.latency.count && answered > 0)
    #expect(UInt64(server.frames.count { $0.kind == .request && $0.method == 1 }) == answered)
    #expect(details.outcomes == ["FRICTION": answered])
    #expect(details.valid && details.server.version == "1.2" && details.loop == "closed")
    let figures = outcome.result.figures
    #expect(try #require(figures[.requests]) <= Double(answered))
    #expect(try #require(figures[.requests]) >= Double(answered) - 12)
    #expect(figures[.errors] == 0 && figures[.unanswered] == 0 && figures[.lagP99] == nil)
  }

  @Test("works over a Unix socket")
  func unixSocket() throws {
    let path = "\(FileManager.default.temporaryDirectory.path)/bench-\(UInt64.random(in: 0...UInt64.max))"
    defer { unlink(path) }
    let outcome = try run(against: try FakeServer(unixPath: path))
    #expect(outcome.result.details.valid && outcome.latency.count > 0)
  }

  @Test("in an open loop keeps its rate")
  func open() throws {
    let server = try FakeServer()
    let outcome = try run(against: server) {
      $0.rate = 1_000
      $0.connections = 2
      $0.maximumLag = .seconds(1)
      $0.drain = Self.patience
    }
    #expect(outcome.latency.count == 300)
    // Whether the last of them went before the time was over is the machine's business.
    #expect(outcome.result.figures[.unanswered] == 0)
    #expect(outcome.result.figures[.lagP99] != nil)
    #expect(server.frames.count { $0.kind == .request && $0.method == 1 } == 300)
  }

  /// Answers at once, but stops for 300 ms at the 401st call.
  private static func stalling() -> @Sendable (FrameHeader, [UInt8]) -> FakeServer.Reply {
    { header, _ in header.call == 401 ? .stall(.milliseconds(300)) : .ok([]) }
  }

  @Test("in an open loop shows a stall of the server in full")
  func stallInOpenLoop() throws {
    // One second of 1,000 calls, of which the 300 that are due during the stall wait for 300 to 0 ms.
    let outcome = try run(against: try FakeServer(reply: Self.stalling())) {
      $0.rate = 1_000
      $0.duration = .seconds(1)
      $0.drain = .seconds(5)
      $0.maximumLag = .seconds(1)
    }
    #expect(outcome.latency.count == 1_000)
    #expect(outcome.latency.maximum >= 299_000_000)
    // 10 % of all calls waited at least 200 ms, 20 % at least 100 ms.
    #expect(outcome.latency.value(atPercentile: 90) >= 190_000_000)
    #expect(outcome.latency.value(atPercentile: 80) >= 90_000_000)
  }

  @Test("in an open loop with few calls in flight still counts from when they were due")
  func stallWithSmallDepth() throws {
    let outcome = try run(against: try FakeServer(reply: Self.stalling())) {
      $0.rate = 1_000
      $0.depth = 1
      $0.duration = .seconds(1)
      $0.drain = .seconds(5)
      $0.maximumLag = .seconds(1)
    }
    #expect(outcome.latency.count == 1_000)
    #expect(outcome.latency.value(atPercentile: 90) >= 190_000_000)
    // That wait was the server's, not the harness's.
    #expect(try #require(outcome.result.figures[.lagP50]) < 50_000)
  }

  @Test("in an open loop sends past a connection that is busy")
  func passedOver() throws {
    let isFirst = Atomic(true)
    let server = try FakeServer { _, _ in
      isFirst.exchange(false, ordering: .relaxed) ? .nothing : .ok([])
    }
    let outcome = try run(against: server) {
      $0.rate = 1_000
      $0.connections = 3
      $0.depth = 1
      $0.maximumLag = .seconds(1)
    }
    #expect(outcome.result.figures[.unanswered] == 1)
    #expect(server.frames.count { $0.kind == .request && $0.method == 1 } == 300)
  }

  @Test("in a closed loop hides a stall, as the help says")
  func stallInClosedLoop() throws {
    let outcome = try run(against: try FakeServer(reply: Self.stalling())) { $0.duration = .seconds(1) }
    #expect(outcome.latency.maximum >= 299_000_000)
    // One call of many hundreds waited.
    #expect(outcome.latency.value(atPercentile: 99) < 100_000_000)
  }

  @Test("that could not keep its rate is not valid")
  func rateNotKept() throws {
    let outcome = try run(against: try FakeServer { _, _ in .stall(.milliseconds(20)) }) {
      $0.rate = 1_000
      $0.depth = 1
      $0.maximumLag = .seconds(1)
    }
    let details = outcome.result.details
    #expect(!details.valid)
    #expect(details.invalidReasons.contains { $0.contains("calls a second could be sent") })
    // What was due and never answered, or never sent, is in the latencies too.
    #expect(outcome.latency.count == 300)
    #expect(try #require(outcome.result.figures[.unanswered]) > 200)
  }

  @Test("counts answers by status and keeps their latencies apart")
  func errors() throws {
    let server = try FakeServer { header, _ in header.call % 2 == 0 ? .status(8) : .ok([]) }
    let outcome = try run(against: server)
    let status = outcome.result.details.status
    let refused = try #require(status["RESOURCE_EXHAUSTED"])
    #expect(refused > 0 && status["OK"] == outcome.latency.count)
    #expect(outcome.result.figures[.errors] == Double(refused))
    #expect(abs(try #require(outcome.result.figures[.errorShare]) - 0.5) < 0.1)
    #expect(outcome.result.figures[.errorP99] != nil)
    #expect(outcome.result.details.valid)
  }

  @Test("that nobody answers ends by itself and is not valid")
  func noAnswers() throws {
    let outcome = try run(against: try FakeServer { _, _ in .nothing }) { $0.depth = 5 }
    // The depth, and no more, was in flight.
    #expect(outcome.result.figures[.unanswered] == 5)
    #expect(outcome.result.details.invalidReasons.count == 2)
  }

  @Test("goes on over the other connections when one is lost, and is not valid")
  func lostConnection() throws {
    let first = Atomic(true)
    let server = try FakeServer { header, _ in
      header.call == 50 && first.exchange(false, ordering: .relaxed) ? .close : .ok([])
    }
    let outcome = try run(against: server) { $0.connections = 2 }
    #expect(outcome.result.details.invalidReasons.contains { $0.contains("was lost: the server closed") })
    #expect(outcome.result.figures[.unanswered] == 1)
    #expect(outcome.latency.count > 50)
  }

  @Test(
    "ends a connection whose server breaks the protocol",
    arguments: [
      (FrameHeader(.response, call: 77).frame(), "answered call 77"),
      (FrameHeader(.credit, call: 1, value: 1).frame(), "frame of kind 5"),
      ([1, 0, 0, 0], "no frame"),
      ([0, 0, 0, 1] + [UInt8](repeating: 3, count: 12), "no frame"),
    ])
  func brokenProtocol(bytes: [UInt8], words: String) throws {
    let outcome = try run(against: try FakeServer { _, _ in .raw(bytes) })
    #expect(outcome.result.details.invalidReasons.contains { $0.contains(words) })
  }

  @Test("whose requests a server does not read for a while loses none of them")
  func blockedWrites() throws {
    // 13 MB in one go are more than the sockets' buffers hold.
    let server = try FakeServer { header, _ in header.call == 1 ? .stall(.milliseconds(200)) : .ok([]) }
    let outcome = try run(against: server) {
      $0.depth = RunOptions.maximumDepth
      $0.drain = .seconds(30)
    }
    #expect(outcome.result.figures[.unanswered] == 0)
    #expect(outcome.latency.count >= UInt64(RunOptions.maximumDepth))
  }

  @Test("takes answers that come in pieces", arguments: [1, 7, 23])
  func pieces(size: Int) throws {
    let server = try FakeServer(piece: size) { _, _ in .ok([0x08, 0x04]) }
    let outcome = try run(against: server) { $0.depth = 8 }
    let answered = try #require(outcome.result.details.status["OK"])
    #expect(outcome.result.details.outcomes == ["ACCESS_BLOCKED": answered])
    #expect(outcome.result.figures[.unanswered] == 0 && outcome.result.details.server.version == "1.2")
  }

  @Test("answers pings")
  func ping() throws {
    let server = try FakeServer { header, _ in
      let answer = FrameHeader(.response, call: header.call).frame()
      return .raw(header.call == 3 ? FrameHeader(.ping, value: 9).frame(payload: [1, 2]) + answer : answer)
    }
    let outcome = try run(against: server)
    #expect(outcome.result.details.valid)
    #expect(server.frames.contains { $0.kind == .pong && $0.value == 9 && $0.payloadByteCount == 2 })
  }

  @Test("sends nothing more to a server that goes away")
  func goAway() throws {
    let server = try FakeServer { header, _ in
      let answer = FrameHeader(.response, call: header.call).frame()
      return .raw(header.call == 10 ? FrameHeader(.goAway, call: 10).frame() + answer : answer)
    }
    let outcome = try run(against: server) { $0.depth = 1 }
    #expect(outcome.latency.count == 10)
    #expect(!outcome.result.details.valid)
    #expect(outcome.result.details.invalidReasons.contains { $0.contains("takes no more calls") })
  }

  @Test(
    "does not begin against a server that refuses",
    arguments: [
      (Opening.magic + FrameHeader(.goAway, value: 14).frame(payload: [0x0A, 4] + Array("full".utf8)), "UNAVAILABLE"),
      (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), "HTTP/1.1 400 Bad Request"),
    ])
  func refusal(opening: [UInt8], words: String) throws {
    let server = try FakeServer(opening: opening)
    #expect(throws: BenchError.self) { try run(against: server) }
    let again = try FakeServer(opening: opening)
    do {
      _ = try run(against: again)
    } catch let error as BenchError {
      #expect(error.message.contains(words))
    }
  }

  @Test("does not begin where nobody listens")
  func nobody() throws {
    var options = RunOptions()
    options.server = .unix(path: "/nonexistent/socket")
    #expect(throws: BenchError.connection("cannot connect to unix:/nonexistent/socket: No such file or directory")) {
      try LoadRun(options, interrupt: Interrupt(), report: { _ in }).run()
    }
  }

  @Test("stops when it is interrupted, and says so")
  func interrupted() throws {
    let server = try FakeServer()
    defer { server.stop() }
    var options = RunOptions()
    options.server = server.endpoint
    options.warmup = .zero
    options.duration = .seconds(3_600)
    let interrupt = Interrupt()
    let outcome = try LoadRun(options, interrupt: interrupt) { progress in
      if case .second = progress { interrupt.raise() }
    }.run()
    #expect(outcome.result.details.invalidReasons.first == "the run was interrupted")
  }

  @Test("leaves the warm-up out")
  func warmup() throws {
    let server = try FakeServer()
    let outcome = try run(against: server) {
      $0.rate = 1_000
      $0.warmup = .milliseconds(500)
      $0.maximumLag = .seconds(1)
    }
    #expect(outcome.latency.count == 300)
    #expect(server.frames.count { $0.kind == .request && $0.method == 1 } == 800)
  }

  @Test("reads the server's memory and CPU time from its process")
  func process() throws {
    let outcome = try run(against: try FakeServer()) { $0.serverProcess = getpid() }
    #expect(try #require(outcome.result.figures[.serverResident]) > 1_000_000)
    #expect(try #require(outcome.result.figures[.serverCPU]) >= 0)
  }

  /// A rules file that is removed when `body` is done.
  private func withRulesFile(_ body: (String) throws -> Void) throws {
    let path = "\(FileManager.default.temporaryDirectory.path)/bench-\(UInt64.random(in: 0...UInt64.max)).rules"
    try "# none\n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { unlink(path) }
    try body(path)
  }

  @Test("puts the rules that it is given in force before it loads the server")
  func rules() throws {
    try withRulesFile { path in
      let server = try FakeServer()
      let outcome = try run(against: server) { $0.rulesFile = path }
      let methods = server.frames.filter { $0.kind == .request }.map(\.method)
      #expect(methods.starts(with: [65, 32, 1]) && methods.count { $0 == 65 } == 1)
      #expect(outcome.result.details.valid)
    }
  }

  @Test("does not begin when the rules are refused or cannot be read")
  func refusedRules() throws {
    try withRulesFile { path in
      let server = try FakeServer { _, _ in .status(3) }
      let refused = #expect(throws: BenchError.self) { try run(against: server) { $0.rulesFile = path } }
      #expect(refused?.message == "the server does not take \(path): INVALID_ARGUMENT")
      #expect(server.frames.allSatisfy { $0.kind != .request || $0.method == 65 })
    }
    let missing = #expect(throws: BenchError.self) {
      try run(against: try FakeServer()) { $0.rulesFile = "/nowhere/a.rules" }
    }
    #expect(missing?.code == .file && missing?.message.hasPrefix("/nowhere/a.rules cannot be read") == true)
  }
}
