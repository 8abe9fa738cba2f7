import Arguments

/// The commands of `gatehouse-bench`.
enum BenchProgram {
  enum Action: Sendable {
    case run, compare
  }

  static let json = Option<String?>(
    "json", .file, help: "Write the result as JSON; - is standard output, in place of the text")
  static let hgrm = Option<String?>(
    "hgrm", .file, help: "Write the latencies for HdrHistogram's plotter; - is standard output")
  static let html = Option<String?>(
    "html", .file, help: "Write a self-contained page with the latency curve; - is standard output")
  static let quiet = Option(flag: "quiet", short: "q", help: "No progress on standard error")
  static let tolerance = Option<Double>(
    "tolerance", .number(in: 0...100), default: 5, help: "Per cent by which B may differ from A and count as the same")
  static let ratioBounds = Option<[Threshold]>(
    list: "fail-if", .threshold,
    help: "Exit with 3 when a ratio B/A crosses a bound, as 'p99_us>1.1'; bounds decide in place of the verdict")
  static let a = Operand("A", .file, help: "What --json wrote of the first run")
  static let b = Operand("B", .file, help: "What --json wrote of the second run")

  static let program = Program(
    root: Command(
      "gatehouse-bench", "Measure a Gatehouse server under load",
      examples: [
        Example("gatehouse-bench run --connections 16 --depth 64", "As fast as it goes on a server on this machine"),
        Example("gatehouse-bench compare before.json after.json", "What a change has done"),
      ],
      commands: [run, compare]),
    version: "0.1.0", variablePrefix: "GATEHOUSE_BENCH", exitCodes: ExitCode.bench)

  private static let run = Command(
    "run", "Load a server and say how it did",
    discussion: """
      Without --rate the loop is closed: every connection has --depth calls in flight and an answer lets the next call \
      go. With --rate it is open: calls go when they are due whatever the server does, and latency is counted from that \
      moment, so that no stall stays hidden.

      Bounds of --fail-if name any figure of the JSON: \(Figure.allCases.map(\.rawValue).joined(separator: ", ")).
      """,
    examples: [
      Example(
        "gatehouse-bench run --server 127.0.0.1:7400 --connections 16 --depth 64 --duration 5s --call evaluate --record",
        "Throughput with 1,024 calls in flight"),
      Example(
        "gatehouse-bench run --connections 64 --rate 50000 --poisson --fail-if 'p99_us>500'",
        "Latency at 50,000 calls a second; exits with 3 when the 99th percentile is above 500 µs"),
      Example(
        "gatehouse-bench run --connections 64 --rate 50000 --duration 10m --step 60s --server-pid 4711",
        "Ten minutes, with percentiles and the server's memory once a minute"),
      Example(
        "gatehouse-bench run --mix evaluate=8,record=1,health=1 --zipf 0.99 --json run.json --html run.html",
        "Mixed calls, uneven keys, and a page with the latency curve"),
      Example("gatehouse-bench run --rules new.rules --json new.json", "What other rules cost, for compare"),
    ],
    options: RunOptions.Flags.load + RunOptions.Flags.calls + RunOptions.Flags.measures + [json, hgrm, html, quiet],
    action: Action.run)

  private static let compare = Command(
    "compare", "Hold one run against another",
    discussion: """
      Prints every figure of both, the ratio B/A, and a verdict that rests on throughput, percentiles to 99.9 and \
      errors. Runs of different shapes, or not valid ones, cannot be compared.
      """,
    examples: [
      Example("gatehouse-bench compare before.json after.json --tolerance 3", "Differences within 3 % are none"),
      Example("gatehouse-bench compare before.json after.json --html page.html", "Both latency curves on one page"),
    ],
    options: [tolerance, ratioBounds, json, html], operands: [a, b], action: Action.compare)
}
