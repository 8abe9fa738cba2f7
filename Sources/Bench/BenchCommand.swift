import Arguments
import Foundation

/// What the executable does: reads its invocation, runs what it asks for, writes reports, and says how it ended.
public struct BenchCommand: Sendable {
  private let standardOutput: @Sendable (String) -> Void
  private let standardError: @Sendable (String) -> Void
  private let isTerminal: Bool

  /// `isTerminal` is whether standard error is one.
  init(
    standardOutput: @escaping @Sendable (String) -> Void, standardError: @escaping @Sendable (String) -> Void,
    isTerminal: Bool
  ) {
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.isTerminal = isTerminal
  }

  /// With the process's own output.
  public init() {
    self.init(
      standardOutput: { FileHandle.standardOutput.write(Data($0.utf8)) },
      standardError: { FileHandle.standardError.write(Data($0.utf8)) }, isTerminal: isatty(STDERR_FILENO) == 1)
  }

  /// Does what `arguments`, without the program's name, ask for.
  public func run(_ arguments: [String], environment: [String: String]) -> ExitCode {
    let invocation = Invocation(
      arguments: arguments, environment: environment,
      readFile: { try String(contentsOfFile: $0, encoding: .utf8) })
    do {
      switch try BenchProgram.program.read(invocation) {
      case .text(let text):
        standardOutput(text + "\n")
        return .ok
      case .run(.run, let arguments): return try load(arguments)
      case .run(.compare, let arguments): return try compare(arguments)
      }
    } catch let error as UsageError {
      standardError("\(error)\n")
      return .usage
    } catch {
      standardError("gatehouse-bench: \(error)\n")
      return .failed
    }
  }

  private func load(_ arguments: ParsedArguments) throws -> ExitCode {
    let options = try RunOptions(arguments)
    let (json, hgrm, html) = (arguments[BenchProgram.json], arguments[BenchProgram.hgrm], arguments[BenchProgram.html])
    var reports = try Reports(command: RunOptions.command, destinations: [json, hgrm, html])
    let interrupt = Interrupt()
    Interrupt.watchSignals()
    let line = arguments[BenchProgram.quiet] ? nil : ProgressLine(isTerminal: isTerminal)
    let outcome = try LoadRun(options, interrupt: interrupt) { progress in
      let text = line?.text(progress) ?? ""
      if !text.isEmpty { standardError(text) }
    }.run()
    let result = outcome.result
    try reports.add(json) { () throws(BenchError) in try result.json() }
    try reports.add(hgrm) { () throws(BenchError) in outcome.latency.hgrm() }
    try reports.add(html) { () throws(BenchError) in HTMLReport(result).page() }
    standardOutput(reports.standardOutput ?? result.text())
    for reason in result.details.invalidReasons { standardError("not valid: \(reason)\n") }
    for bound in result.details.crossedThresholds { standardError("crossed: \(bound)\n") }
    if !result.details.valid { return .invalid }
    return result.details.crossedThresholds.isEmpty ? .ok : .threshold
  }

  private func compare(_ arguments: ParsedArguments) throws -> ExitCode {
    let (json, html) = (arguments[BenchProgram.json], arguments[BenchProgram.html])
    var reports = try Reports(command: "gatehouse-bench compare", destinations: [json, html])
    let a = try RunResult(file: arguments[BenchProgram.a])
    let b = try RunResult(file: arguments[BenchProgram.b])
    let comparison = Comparison(a, b, tolerance: arguments[BenchProgram.tolerance] / 100)
    try reports.add(json) { () throws(BenchError) in try comparison.json() }
    try reports.add(html) { () throws(BenchError) in
      HTMLReport(a, b, comparison: comparison).page()
    }
    standardOutput(reports.standardOutput ?? comparison.text())
    let crossed = arguments[BenchProgram.ratioBounds].filter { bound in
      bound.isCrossed(by: comparison.lines.first { $0.figure == bound.figure }?.ratio)
    }
    for bound in crossed { standardError("crossed: \(bound)\n") }
    if comparison.verdict == .incomparable || arguments[BenchProgram.ratioBounds].isEmpty { return comparison.exitCode }
    return crossed.isEmpty ? .ok : .threshold
  }
}
