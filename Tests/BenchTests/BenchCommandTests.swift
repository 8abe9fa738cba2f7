import Arguments
import Foundation
import Synchronization
import Testing

@testable import Bench

@Suite("The command")
struct BenchCommandTests {
  /// What a command line wrote and how it ended.
  private struct Ending {
    var code: ExitCode
    var output: String
    var messages: String
  }

  private final class Text: Sendable {
    let text = Mutex("")
    func add(_ more: String) { text.withLock { $0 += more } }
  }

  private func run(_ arguments: [String], isTerminal: Bool = false) -> Ending {
    let (output, messages) = (Text(), Text())
    let command = BenchCommand(
      standardOutput: { output.add($0) }, standardError: { messages.add($0) }, isTerminal: isTerminal)
    let code = command.run(arguments, environment: [:])
    return Ending(code: code, output: output.text.withLock { $0 }, messages: messages.text.withLock { $0 })
  }

  private func run(_ line: String, against server: FakeServer) -> Ending {
    defer { server.stop() }
    return run(
      ["run", "--server", server.endpoint.description] + line.split(separator: " ").map(String.init))
  }

  private static let short = "--duration 200ms --warmup 0 --connections 2 --depth 2"

  @Test("in the form that scripts use writes one JSON document and nothing else")
  func scripts() throws {
    let ending = run(
      "--connections 2 --depth 4 --duration 1s --warmup 100ms --call evaluate --record --keys 1000 --json -",
      against: try FakeServer())
    #expect(ending.code == .ok && ending.messages == "")
    let result = try RunResult(json: Data(ending.output.utf8), source: "it")
    #expect(result.details.connections == 2 && result.details.depth == 4 && result.details.workload.keys == 1_000)
    #expect(result.details.timeline.count == 1)
  }

  @Test("writes its report as text, and documents where they are asked for")
  func documents() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("bench-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (json, hgrm, html) = ("\(folder.path)/a.json", "\(folder.path)/a.hgrm", "\(folder.path)/a.html")
    let ending = run("\(Self.short) --json \(json) --hgrm \(hgrm) --html \(html)", against: try FakeServer())
    #expect(ending.code == .ok && ending.output.contains("throughput"))
    #expect(try String(contentsOfFile: hgrm, encoding: .utf8).contains("1/(1-Percentile)"))
    #expect(try String(contentsOfFile: html, encoding: .utf8).contains("<!DOCTYPE html>"))
    let compared = run(["compare", json, json, "--html", "\(folder.path)/c.html"])
    #expect(compared.code == .ok && compared.output.contains("verdict: B is same"))
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/c.html"))
    #expect(run(["compare", json, json, "--fail-if", "p99_us>0.5"]).code == .threshold)
    #expect(run(["compare", json, json, "--fail-if", "p99_us>1.5", "--json", "-"]).code == .ok)
  }

  @Test("ends with 3 when a bound is crossed, and names it")
  func thresholds() throws {
    let crossed = run("\(Self.short) --fail-if p50_us>0.001 --fail-if errors>0", against: try FakeServer())
    #expect(crossed.code == .threshold && crossed.messages == "crossed: p50_us>0.001\n")
    #expect(run("\(Self.short) --fail-if p50_us>1e9", against: try FakeServer()).code == .ok)
  }

  @Test("ends with 4 when the run is not valid, and says why")
  func invalid() throws {
    let ending = run("\(Self.short) --drain 1ms", against: try FakeServer { _, _ in .nothing })
    #expect(ending.code == .invalid && ending.messages.contains("not valid: 4 calls were not answered"))
  }

  @Test("ends with 1 when there is no server, or no file")
  func failures() {
    let ending = run(["run", "--server", "unix:/nonexistent"])
    #expect(ending.code == .failed && ending.messages.contains("cannot connect to unix:/nonexistent"))
    #expect(run(["compare", "/nonexistent", "/nonexistent"]).code == .failed)
  }

  @Test(
    "refuses what makes no sense, with advice",
    arguments: [
      ("run --ratee 5", "Did you mean --rate?"), ("run --server nowhere", "give HOST:PORT"),
      ("run --depth 0", "from 1 to 65536"), ("run --rate -5", "from 0.01"),
      ("run --duration 5", "give a whole number and a unit"),
      ("run --mix evaluate=8,recrod=1", "did you mean record?"), ("run --mix evaluate", "evaluate=8,record=1"),
      ("run --mix evaluate=0", "evaluate=8,record=1"), ("run --mix evaluate=1,evaluate=2", "evaluate=8,record=1"),
      ("run --call evalute", "did you mean evaluate?"), ("run --fail-if p99_us", "'p99_us>500'"),
      ("run --fail-if p98_us>5", "did you mean p9"), ("run --fail-if p99_us>much", "'p99_us>500'"),
      ("run --poisson", "--poisson needs --rate"), ("run --record --check", "exclude each other"),
      ("run --json - --html -", "only one document"), ("compare a.json", "B is missing"), ("rnu", "Did you mean run?"),
      ("run --keys 100000001", "to 100000000"), ("run --zipf 0", "from 0.01"), ("run extra", "one argument too many"),
    ])
  func usage(line: String, words: String) {
    let ending = run(line.split(separator: " ").map(String.init))
    #expect(ending.code == .usage)
    #expect(ending.messages.contains(words), "\(ending.messages)")
  }

  @Test("shows examples first in its help, and every exit code", arguments: ["", "run", "compare"])
  func help(command: String) {
    let ending = run(command.split(separator: " ").map(String.init) + ["--help"])
    #expect(ending.code == .ok)
    let examples = ending.output.range(of: "Examples")?.lowerBound
    let usage = ending.output.range(of: "Usage")?.lowerBound
    #expect(examples != nil && usage != nil && examples! < usage!)
    for code in 0...4 { #expect(ending.output.contains("\n  \(code)  ")) }
  }

  @Test("has a progress line only on a terminal, and steps always")
  func progress() {
    var interval = Interval()
    interval.completed = 12_345
    interval.latency.record(54_000)
    let (terminal, file) = (ProgressLine(isTerminal: true), ProgressLine(isTerminal: false))
    #expect(terminal.text(.second(interval, of: 10)).hasPrefix("\r\u{1B}[K1 of 10 s   12,345 /s   p50 54"))
    #expect(file.text(.second(interval, of: 10)) == "" && file.text(.warmingUp) == "")
    let step = Sample.details.steps[0]
    #expect(file.text(.step(step)) == "step     0–2 s  p50 60 µs  server memory 50 MiB\n")
  }
}
