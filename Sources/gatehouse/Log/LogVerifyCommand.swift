import Arguments
import Journal
import ProtoJSON

/// `gatehouse log verify DIR`
enum LogVerifyCommand {
  static let against = Option<[String]>(
    list: "against", .file.named("CHECKPOINT"),
    help: "A signed checkpoint that was kept elsewhere: what it covers must be what the log begins with")

  static let command = Command<CommandAction>(
    "verify", "Check every entry, hash and signature of a log, offline",
    discussion: """
      Reads the whole directory, on all cores: segments and their checksums, every entry against the tiles, the tiles \
      against each other, the tree against the signed checkpoint. Names the first thing that is wrong, with file, \
      offset and entry, and exits with 1; exits with 0 when all is whole. What lies beyond the newest checkpoint may \
      be in the middle of being written, and is reported only.

      Who holds the signing key can rewrite a whole log: only a checkpoint that was kept elsewhere shows that, see \
      --against and gatehouse log witness.
      """,
    examples: [
      Example("gatehouse log verify /var/lib/gatehouse --key @gatehouse.vkey", "With the key that was published"),
      Example("gatehouse log verify /mnt/backup --against last-year.checkpoint", "Nothing was rewritten since then"),
      Example("gatehouse log verify /var/lib/gatehouse --json | jq .endIndex", "For programs"),
    ],
    options: [LogCommand.key, against, GatehouseProgram.json], operands: [LogCommand.directory], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let storage = try LogCommand.storage(arguments[LogCommand.directory])
    let keys = try LogCommand.keys(arguments, orOwnOf: storage, console)
    var outside: [[UInt8]] = []
    for path in arguments[against] { outside.append(Array(try InputText.file(path).utf8)) }
    let verifier = LogVerifier(storage: storage, origin: keys[0].name, keys: keys)
    for (path, note) in zip(arguments[against], outside) { try checkIsOurs(note, path, verifier) }
    let bar = ProgressBar(console)
    let start = ContinuousClock.now
    let outcome = Result { () throws(JournalError) in
      try verifier.verify(against: outside) { bar?.show(done: $0.bytesDone, of: $0.bytesTotal) }
    }
    bar?.clear()
    let isJSON = arguments[GatehouseProgram.json]
    switch outcome {
    case .success(let report):
      let taken = ContinuousClock.now - start
      if isJSON {
        try console.print(json(report, outside: arguments[against]).text)
      } else {
        for line in lines(report, storage.root, taken, outside: arguments[against], console.data) {
          try console.print(line)
        }
      }
      return .ok
    case .failure(let error):
      if isJSON { try console.print(json(error).text) }
      throw CommandFailure("\(storage.root) is not what was written: \(error)")
    }
  }

  /// So that a file that is no checkpoint of this log is not held against the log.
  private static func checkIsOurs(
    _ note: [UInt8], _ path: String, _ verifier: LogVerifier
  ) throws(CommandFailure) {
    do {
      _ = try verifier.outsideCheckpoint(note)
    } catch {
      throw CommandFailure(
        "\(path) cannot be held against the log, which was not looked at: \(error)",
        advice: "Give --against a checkpoint as gatehouse log checkpoint prints it, signed by a key given with --key")
    }
  }

  /// For people.
  static func lines(
    _ report: VerificationReport, _ path: String, _ taken: Duration, outside: [String], _ style: Style
  ) -> [String] {
    let seconds = Double(max(taken.microseconds, 1)) / 1e6
    let speed = Quantity.bytes(UInt64(Double(report.bytes) / seconds))
    let checkpoint = report.checkpoint
    var lines = [
      "\(path): \(style.green("whole"))",
      "  entries     \(report.endIndex - report.firstIndex) from \(report.firstIndex) on, "
        + "\(Quantity.bytes(report.bytes)) in \(Quantity.of(report.segments, "segment", "segments")), "
        + "verified in \(Quantity.seconds(seconds)) (\(speed)/s)",
      "  checkpoint  of \(Quantity.entries(checkpoint.size)), root \(checkpoint.root), by \(checkpoint.origin)",
    ]
    if report.endIndex > checkpoint.size {
      let count = Quantity.entries(report.endIndex - checkpoint.size)
      lines.append("  behind it   \(count) that no checkpoint covers yet, with checksums that are right")
    }
    lines += outside.map { "  against     \($0): the log begins with what it covers" }
    if let tail = report.unverifiedTail {
      lines.append("  tail        the log ends in the middle of a batch, which no checkpoint covers: \(tail)")
    }
    return lines
  }

  /// For programs: `{"verified":true,"firstIndex":0,"endIndex":500,…}`
  static func json(_ report: VerificationReport, outside: [String]) -> JSONValue {
    .object([
      .init("verified", .bool(true)), .init("firstIndex", .number("\(report.firstIndex)")),
      .init("endIndex", .number("\(report.endIndex)")), .init("segments", .number("\(report.segments)")),
      .init("bytes", .number("\(report.bytes)")), .init("origin", .string(report.checkpoint.origin)),
      .init("size", .number("\(report.checkpoint.size)")), .init("root", .string("\(report.checkpoint.root)")),
      .init("against", .array(outside.map { .string($0) })),
      .init("unverifiedTail", report.unverifiedTail.map { .string($0) } ?? .null),
    ])
  }

  /// For programs: `{"verified":false,"reason":…,"file":…,"offset":…,"index":…}`, the last three where they are known.
  static func json(_ error: JournalError) -> JSONValue {
    var members: [JSONValue.Member] = [.init("verified", .bool(false)), .init("reason", .string(error.message))]
    if let damage = error.damage {
      members += [
        .init("file", .string(damage.file)), .init("offset", .number("\(damage.offset)")),
        .init("index", .number("\(damage.index)")),
      ]
    }
    return .object(members)
  }
}
