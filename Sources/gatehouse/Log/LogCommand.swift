import Arguments
import Journal

/// `gatehouse log …`: read the log, and prove that nothing in it was altered.
enum LogCommand {
  static let directory = Operand("DIR", .directory, help: "The log's directory, as serve --data names it")
  static let optionalDirectory = Operand<String?>(
    optional: "DIR", .directory, help: "The log's directory; absent: ask the server")
  static let key = Option<[String]>(
    list: "key", .string.named("VKEY"),
    help: "The log's verifier key, one line as in key.vkey, or @FILE; several while a key is changed")
  static let cosigned = Option(
    flag: "cosigned", help: "Use the newest checkpoint of DIR that a witness has cosigned, not the newest of all")
  static let output = Option<String?>("output", .file, short: "o", help: "Write to this file")

  static let command = Command<CommandAction>(
    "log", "Read the log, and prove that nothing in it was altered",
    discussion: """
      The log is an append-only sequence of entries under a signed Merkle tree (Protocol/journal.md). These commands \
      need no rights but to read its directory, which a server may be writing, or the address of a server; verify, \
      entries and check-receipt need no server at all.
      """,
    examples: [
      Example("gatehouse log verify /var/lib/gatehouse", "Check every entry, hash and signature"),
      Example("gatehouse log entries /var/lib/gatehouse --count 10", "Show what stands in it"),
      Example("gatehouse log receipt 17 -o 17.tlog-proof", "Take a receipt for entry 17 from the server"),
      Example("gatehouse log check-receipt 17.tlog-proof --key @key.vkey", "Verify it anywhere, offline"),
    ],
    commands: [
      LogVerifyCommand.command, LogEntriesCommand.command, LogCheckpointCommand.command, LogReceiptCommand.command,
      LogCheckReceiptCommand.command, LogConsistencyCommand.command, LogWitnessCommand.command,
    ])

  /// The keys that `--key` gives; none if it is absent.
  /// - Throws: `CommandFailure` for what is no verifier key.
  static func keys(_ arguments: ParsedArguments) throws(CommandFailure) -> [NoteVerifier] {
    var keys: [NoteVerifier] = []
    for argument in arguments[key] { keys.append(try verifierKey(argument)) }
    return keys
  }

  /// The key that an argument means: one line, or a file with it.
  static func verifierKey(_ argument: String) throws(CommandFailure) -> NoteVerifier {
    let text = try InputText.of(argument: argument)
    do {
      return try NoteVerifier(vkey: text.hasSuffix("\n") ? String(text.dropLast()) : text)
    } catch {
      throw CommandFailure(
        "\(error)", advice: "A verifier key is NAME+ID+KEY, the line in a log's key.vkey", exitCode: .usage)
    }
  }

  /// The keys that `--key` gives, or else the one that the directory names itself, with a word on what that is worth.
  static func keys(
    _ arguments: ParsedArguments, orOwnOf storage: PosixStorage, _ console: Console
  ) throws(CommandFailure) -> [NoteVerifier] {
    let keys = try keys(arguments)
    if !keys.isEmpty { return keys }
    let own: NoteVerifier?
    do { own = try CoveredLog.ownKey(in: storage) } catch { throw CommandFailure(error) }
    guard let own else {
      throw CommandFailure("\(storage.root) has no key.vkey", advice: "Give --key VKEY", exitCode: .usage)
    }
    console.say("gatehouse: the key is the directory's own; give --key to know that it is the log you mean")
    return [own]
  }

  /// A directory that is there.
  static func storage(_ path: String) throws(CommandFailure) -> PosixStorage {
    do {
      return try PosixStorage(existing: path)
    } catch {
      throw CommandFailure("\(path) cannot be opened: \(error)", exitCode: .usage)
    }
  }
}

extension CommandFailure {
  init(_ error: JournalError) { self.init(error.message) }
}
