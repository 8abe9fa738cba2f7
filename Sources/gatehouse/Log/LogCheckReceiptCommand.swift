import Arguments
import Journal
import ProtoJSON

/// `gatehouse log check-receipt RECEIPT --key VKEY`
enum LogCheckReceiptCommand {
  static let receipt = Operand("RECEIPT", .file, help: "The receipt, a .tlog-proof file")
  static let entry = Option<String?>(
    "entry", .file, help: "The entry's bytes; absent: the file beside the receipt that log receipt has written")
  static let witness = Option<String?>(
    "witness-key", .string.named("VKEY"), help: "Demand the cosignature of the witness with this key, or @FILE")

  static let command = Command<CommandAction>(
    "check-receipt", "Verify a receipt offline",
    discussion: """
      Shows that an entry stands in the log, from the receipt, the entry and the log's public key alone: no server, no \
      directory. Exits with 0 and prints the entry when it is shown, with 1 when it is not.
      """,
    examples: [
      Example("gatehouse log check-receipt 17.tlog-proof --key @gatehouse.vkey", "The entry is in 17.entry"),
      Example("gatehouse log check-receipt r.tlog-proof --entry e --key @gatehouse.vkey", "It is elsewhere"),
    ],
    options: [entry, LogCommand.key, witness, GatehouseProgram.json], operands: [receipt], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let keys = try LogCommand.keys(arguments)
    guard !keys.isEmpty else {
      throw CommandFailure(
        "a receipt proves nothing without the log's key", advice: "Give --key VKEY or --key @FILE", exitCode: .usage)
    }
    let witness = try arguments[witness].map { argument throws(CommandFailure) in try LogCommand.verifierKey(argument) }
    let path = arguments[receipt]
    let receipt = Array(try InputText.file(path).utf8)
    let bytes = try WholeFile(path: arguments[entry] ?? LogReceiptCommand.entryPath(beside: path)).bytes()
    let shown: Shown
    do {
      shown = try show(receipt, bytes, keys, witness)
    } catch {
      throw CommandFailure("\(path) does not prove the entry: \(error)")
    }
    let text = EntryText(index: shown.proof.index, milliseconds: nil, bytes: bytes)
    try console.print(arguments[GatehouseProgram.json] ? try text.json().text : try text.line())
    console.say("gatehouse: \(sentence(shown))")
    return .ok
  }

  /// What a receipt shows.
  private struct Shown {
    let proof: LogProof
    let checkpoint: Checkpoint
    let cosignature: Cosignature?
  }

  private static func show(
    _ receipt: [UInt8], _ entry: [UInt8], _ keys: [NoteVerifier], _ witness: NoteVerifier?
  ) throws(JournalError) -> Shown {
    let proof = try LogProof(parsing: receipt)
    let checkpoint = try proof.verify(entry: entry, origin: keys[0].name, keys: keys)
    guard let witness else { return Shown(proof: proof, checkpoint: checkpoint, cosignature: nil) }
    let cosignature = try Cosignature(under: SignedNote(parsing: proof.note), by: witness)
    return Shown(proof: proof, checkpoint: checkpoint, cosignature: cosignature)
  }

  private static func sentence(_ shown: Shown) -> String {
    let (index, tree) = (shown.proof.index, shown.checkpoint)
    let seen = shown.cosignature.map { "; a witness saw that tree at \(EntryText.time(seconds: $0.seconds))" } ?? ""
    return "proven: this is entry \(index) of \(tree.origin), in its tree of \(tree.size)\(seen)"
  }
}
