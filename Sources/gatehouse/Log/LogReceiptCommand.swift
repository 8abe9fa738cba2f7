import Arguments
import ProtoJSON

/// `gatehouse log receipt INDEX [DIR]`
enum LogReceiptCommand {
  static let index = Operand("INDEX", .integer(in: 0...Int.max), help: "The entry's index; a decision's log_index")

  static let command = Command<CommandAction>(
    "receipt", "Take a receipt for an entry: what it takes to prove it offline",
    discussion: """
      A C2SP tlog-proof: the entry's place in the tree and the signed checkpoint. With --output FILE.tlog-proof the \
      entry's exact bytes are written beside it, to FILE.entry; without it the proof is printed. Servers log who asks. \
      gatehouse log check-receipt verifies both.
      """,
    examples: [
      Example("gatehouse log receipt 17 --output 17.tlog-proof", "From the server: 17.tlog-proof and 17.entry"),
      Example("gatehouse log receipt 17 /var/lib/gatehouse --cosigned -o 17.tlog-proof", "That a witness vouches for"),
      Example("gatehouse log receipt 17 --json", "Proof, entry and key as one object"),
    ],
    options: LogSource.options + [LogCommand.output, GatehouseProgram.json],
    operands: [index, LogCommand.optionalDirectory], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let source = try LogSource(arguments)
    let receipt = try await source.receipt(for: UInt64(arguments[index]))
    await source.close()
    if let path = arguments[LogCommand.output] {
      let entryPath = entryPath(beside: path)
      guard entryPath != path else {
        throw CommandFailure("the receipt would stand in its entry's place", advice: "Name it FILE.tlog-proof")
      }
      try WholeFile(path: path).write(Array(receipt.proof.utf8))
      try WholeFile(path: entryPath).write(receipt.entry)
      console.say("gatehouse: wrote \(path) and \(entryPath)")
    }
    if arguments[GatehouseProgram.json] {
      try console.print(receipt.json().text)
    } else if arguments[LogCommand.output] == nil {
      try console.print(String(receipt.proof.dropLast()))
    }
    return .ok
  }

  /// Where a receipt's entry stands: `17.entry` beside `17.tlog-proof`.
  static func entryPath(beside path: String) -> String {
    let suffix = ".tlog-proof"
    return (path.hasSuffix(suffix) ? String(path.dropLast(suffix.count)) : path) + ".entry"
  }
}
