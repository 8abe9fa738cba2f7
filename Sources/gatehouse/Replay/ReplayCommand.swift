import Arguments
import GatehouseClient
import ProtoJSON
import Transport

/// `gatehouse replay FILE`
enum ReplayCommand {
  static let file = Operand("FILE", .file, help: "JSON Lines of activities in the order of time; - is standard input")
  static let expect = Option(flag: "expect", help: "Exit with 1 unless every decision is the one that the file expects")

  static let command = Command<CommandAction>(
    "replay", "Send the activities of a file and show each decision",
    discussion: """
      Every line is {"name": ..., "evaluate": {an EvaluateRequest}, "expect": {"outcome": ..., "fired": [...], \
      "messages": [...], "not_evaluated": [...], "shadow_fired": [...]}} or {"name": ..., "record": {a RecordActivityRequest}}; name, expect \
      and each part of expect may be absent.

      Texts may hold ${run}, which differs from run to run; ${now}; ${-90m}, a time that long ago; and \
      ${-1d 03:15 America/New_York}, that time of day so many days ago. So a file stays right on any day, any number \
      of times. Calls are made one after the other.
      """,
    examples: [
      Example("gatehouse replay deploy/sample/traffic.jsonl --expect", "The shipped sample, checked"),
      Example("gatehouse replay incident.jsonl --json | jq 'select(.expected | not)'", "What came out otherwise"),
    ],
    options: [expect] + ConnectionOptions.all + [GatehouseProgram.json], operands: [file], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let steps = try ReplayFile.steps(at: arguments[file])
    let client = ConnectionOptions.client(arguments)
    try await connect(client, arguments[ConnectionOptions.server])
    var latencies: [Int64] = []
    var unexpected = 0
    for step in steps {
      let report = try await replay(step, client, arguments)
      if let latency = report.latencyMicroseconds { latencies.append(latency) }
      if !report.differences.isEmpty { unexpected += 1 }
      try console.print(arguments[GatehouseProgram.json] ? report.json().text : report.text(console.data))
    }
    await client.close()
    let verdict = unexpected == 0 ? "none unexpected" : "\(unexpected) unexpected"
    let calls = Quantity.of(steps.count, "call", "calls")
    console.say("\(calls), \(verdict); latency \(LatencySummary(microseconds: latencies).text)")
    return arguments[expect] && unexpected > 0 ? .failed : .ok
  }

  /// Connects before the first call, so that its latency is that of a call and not of connecting.
  private static func connect(_ client: GatehouseClient, _ server: Endpoint) async throws(CommandFailure) {
    let status: HealthCheckResponse.ServingStatus
    do {
      status = try await client.checkHealth()
    } catch {
      throw CommandFailure(error, server: server)
    }
    guard status == .serving else {
      let advice = "It may still replay its log: see gatehouse health --watch --server \(server)"
      throw CommandFailure("the server is \(status)", advice: advice, exitCode: .unavailable)
    }
  }

  private static func replay(
    _ step: ReplayStep, _ client: GatehouseClient, _ arguments: ParsedArguments
  ) async throws(CommandFailure) -> StepReport {
    // With an id it may be sent again after a failure in the middle: it is counted once.
    let isIdempotent = !step.activity.id.isEmpty
    let start = ContinuousClock.now
    var decision: Decision?
    do {
      switch step.call {
      case .evaluate(let request, _):
        decision = try await client.call(GatehouseMethods.evaluate, request, isIdempotent: isIdempotent)
      case .record(let request):
        _ = try await client.call(GatehouseMethods.recordActivity, request, isIdempotent: isIdempotent)
      }
    } catch {
      let failure = CommandFailure(error, server: arguments[ConnectionOptions.server])
      throw CommandFailure("line \(step.line): \(failure.message)", advice: failure.advice, exitCode: failure.exitCode)
    }
    return StepReport(
      step: step, decision: decision, latencyMicroseconds: (ContinuousClock.now - start).microseconds)
  }
}
