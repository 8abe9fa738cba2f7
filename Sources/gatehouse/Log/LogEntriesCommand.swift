import Arguments
import Journal
import ProtoJSON

/// `gatehouse log entries DIR`
enum LogEntriesCommand {
  static let from = Option<Int?>(
    "from", .integer(in: 0...Int.max).named("INDEX"), help: "The first entry; absent: the first that is left")
  static let count = Option<Int?>("count", .integer(in: 1...Int.max), short: "n", help: "How many at most; absent: all")

  static let command = Command<CommandAction>(
    "entries", "Print what stands in the log",
    discussion: """
      From the directory, up to its newest checkpoint: index, time, what happened, whose, and what was decided. With \
      --json one object a line: index, writtenAt, and the whole LogEntry in the contract's JSON. Stops at the first \
      entry that is damaged.
      """,
    examples: [
      Example("gatehouse log entries /var/lib/gatehouse --from 100 --count 10", "Ten entries"),
      Example("gatehouse log entries /var/lib/gatehouse --json | jq .entry.decision.outcome", "For programs"),
    ],
    options: [from, count, GatehouseProgram.json], operands: [LogCommand.directory], action: run)

  /// How much is read before it is printed.
  private static let stepBytes = 1 << 20

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let storage = try LogCommand.storage(arguments[LogCommand.directory])
    do {
      let log = try CoveredLog(storage: storage)
      let first = arguments[from].map(UInt64.init) ?? log.firstIndex
      let end =
        arguments[count].map { min(log.size, first.addingReportingOverflow(UInt64($0)).partialValue) } ?? log.size
      let cursor = log.cursor(from: first)
      while cursor.nextIndex < end {
        var entries: [EntryText] = []
        try cursor.read(below: end, maximumBytes: stepBytes) {
          entries.append(EntryText(index: $0.index, milliseconds: $0.timeMilliseconds, bytes: Array($0.bytes)))
        }
        for entry in entries {
          try console.print(arguments[GatehouseProgram.json] ? try entry.json().text : try entry.line())
        }
      }
    } catch let error as JournalError {
      throw CommandFailure(error)
    }
    return .ok
  }
}
