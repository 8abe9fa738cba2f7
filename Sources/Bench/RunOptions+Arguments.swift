import Arguments
import Transport

extension RunOptions {
  static let command = "gatehouse-bench run"

  /// The options of `run` as the command line has them.
  init(_ arguments: ParsedArguments) throws(UsageError) {
    server = arguments[Flags.server]
    rulesFile = arguments[Flags.rules]
    connections = arguments[Flags.connections]
    rate = arguments[Flags.rate]
    depth = arguments[Flags.depth] ?? (rate == nil ? 1 : Self.openLoopDepth)
    arrival = arguments[Flags.poisson] ? .poisson : .constant
    duration = arguments[Flags.duration]
    warmup = arguments[Flags.warmup]
    drain = arguments[Flags.drain]
    step = arguments[Flags.step]
    mix = arguments[Flags.mix] ?? CallMix(arguments[Flags.call])
    checkOnly = arguments[Flags.check]
    durability = arguments[Flags.durability]
    keys = UInt64(arguments[Flags.keys])
    zipf = arguments[Flags.zipf]
    ids = !arguments[Flags.noID]
    seed = UInt64(arguments[Flags.seed])
    deadline = arguments[Flags.deadline]
    maximumLag = arguments[Flags.maximumLag]
    serverProcess = arguments[Flags.serverProcess].map { Int32($0) }
    thresholds = arguments[Flags.thresholds]
    name = arguments[Flags.name] ?? name
    try validate(arguments)
  }

  /// What one option alone cannot tell.
  private func validate(_ arguments: ParsedArguments) throws(UsageError) {
    if rate == nil, arrival == .poisson {
      throw UsageError(
        command: Self.command, message: "--poisson needs --rate", advice: "The closed loop has no schedule")
    }
    if arguments[Flags.check], arguments[Flags.record] {
      throw UsageError(command: Self.command, message: "--record and --check exclude each other", advice: "Give one")
    }
  }

  enum Flags {
    static let shortest = Duration.milliseconds(1)
    static let longest = Duration.seconds(400 * 86_400)

    static let server = Option<Endpoint>(
      "server", .endpoint, default: RunOptions().server, help: "The server")
    static let rules = Option<String?>(
      "rules", .file,
      help: "Put this rules file in force on the server first; it stays so. It must not read lists from files")
    static let connections = Option<Int>(
      "connections", .integer(in: 1...maximumConnections), default: 1, help: "Connections to open")
    static let depth = Option<Int?>(
      "depth", .integer(in: 1...maximumDepth),
      help: "Calls in flight on each connection; with --rate at most so many (1; with --rate 1024)")
    static let rate = Option<Double?>(
      "rate", .number(in: 0.01...maximumRate),
      help: "Open loop: so many calls a second, each timed from when it was due; without it the loop is closed")
    static let poisson = Option(
      flag: "poisson", help: "With --rate: calls arrive as a Poisson process, not at a constant distance")
    static let duration = Option<Duration>(
      "duration", .duration(in: shortest...longest), default: RunOptions().duration, help: "How long to measure")
    static let warmup = Option<Duration>(
      "warmup", .duration(in: .zero...longest), default: RunOptions().warmup, help: "How long to run before measuring")
    static let drain = Option<Duration>(
      "drain", .duration(in: .zero...longest), default: RunOptions().drain,
      help: "How long to wait at the end for calls in flight")
    static let step = Option<Duration?>(
      "step", .duration(in: .seconds(1)...longest), help: "Also report percentiles and the server's memory once a step")
    static let load: [any OptionDeclaration] = [
      server, rules, connections, depth, rate, poisson, duration, warmup, drain, step,
    ]

    static let call = Option<CallKind>("call", .choice, default: .evaluate, help: "The call to make")
    static let mix = Option<CallMix?>("mix", .mix, help: "Calls by weight, as evaluate=8,record=1,health=1")
    static let record = Option(flag: "record", help: "Evaluate counts and writes the activity; this is the default")
    static let check = Option(flag: "check", help: "Evaluate only looks and changes nothing")
    static let durability = Option<RecordDurability>(
      "durability", .choice, default: .server, help: "What must be reached before an answer; server: its own default")
    static let keys = Option<Int>(
      "keys", .integer(in: 1...maximumKeys), default: 100_000, help: "Customers, each with a membership and a card")
    static let zipf = Option<Double?>(
      "zipf", .number(in: 0.01...10), help: "Draw keys by Zipf's law with this exponent; without it all are as likely")
    static let noID = Option(
      flag: "no-id", help: "Send activities without an id, so that the server cannot look for repeats")
    static let seed = Option<Int>(
      "seed", .integer(in: 0...Int.max), default: 1, help: "Which keys and calls are drawn and when Poisson's are due")
    static let deadline = Option<Duration?>(
      "deadline", .duration(in: .microseconds(1)...(.seconds(4294))), help: "The time left that requests state (none)")
    static let calls: [any OptionDeclaration] = [
      call, mix, record, check, durability, keys, zipf, noID, seed, deadline,
    ]

    static let maximumLag = Option<Duration>(
      "max-lag", .duration(in: .microseconds(1)...longest), default: RunOptions().maximumLag,
      help: "An open loop whose own lag is above this at its 99th percentile is not valid")
    static let serverProcess = Option<Int?>(
      "server-pid", .integer(in: 1...Int(Int32.max)), help: "Read the server's CPU time and memory from /proc")
    static let thresholds = Option<[Threshold]>(
      list: "fail-if", .threshold, help: "Exit with 3 when a figure crosses a bound, as 'p99_us>500'")
    static let name = Option<String?>("name", .string, help: "What reports call this run")
    static let measures: [any OptionDeclaration] = [maximumLag, serverProcess, thresholds, name]
  }
}
