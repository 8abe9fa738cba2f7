import Arguments
import Foundation
import GatehouseProtocol
import Journal
import ProtoJSON

/// `gatehouse log witness [DIR] --witness URL --witness-key VKEY`
enum LogWitnessCommand {
  static let witness = Option<String?>(
    "witness", .string.named("URL"), help: "The witness's submission prefix, http or https; it must be given")
  static let key = Option<String?>(
    "witness-key", .string.named("VKEY"),
    help: "Its verifier key, one line of type cosignature/v1, or @FILE; it must be given")

  static let command = Command<CommandAction>(
    "witness", "Have a witness cosign the newest checkpoint",
    discussion: """
      A witness (C2SP tlog-witness) cosigns a checkpoint only if it is consistent with all that it has seen of the log \
      before: with its cosignature nobody, not even who holds the signing key, can show different people different \
      logs. With DIR the cosignature is kept in DIR/checkpoint-cosigned, and the server puts it under its checkpoint \
      as long as that is the same one; from a server alone the cosigned checkpoint is printed, or written to --output.

      Exits with 0 when it is cosigned, with 1 when the witness refuses, with 3 when it cannot be reached. To run it \
      every minute, use cron or a systemd timer.
      """,
    examples: [
      Example(
        "gatehouse log witness /var/lib/gatehouse --witness https://witness.example/log --witness-key @witness.vkey",
        "Keep the cosignature with the log"),
      Example(
        "gatehouse log witness --witness https://witness.example/log --witness-key @witness.vkey -o cosigned",
        "From the server on this machine"),
    ],
    options: [witness, key] + LogSource.options + [LogCommand.output, GatehouseProgram.json],
    operands: [LogCommand.optionalDirectory], action: run)

  /// A witness says at most once which size it knows, unless others submit the same log at the same time.
  private static let maximumAttempts = 4

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let (client, key) = try witness(arguments)
    let source = try LogSource(arguments)
    let (checkpoint, cosignature) = try await cosign(source, client, key)
    let note = try keep(cosignature, checkpoint, source)
    await source.close()
    if let path = arguments[LogCommand.output] { try WholeFile(path: path).write(note.encoded) }
    if arguments[GatehouseProgram.json] {
      try console.print(json(cosignature, checkpoint.checkpoint).text)
    } else if arguments[LogCommand.output] == nil {
      try console.print(String(String(decoding: note.encoded, as: UTF8.self).dropLast()))
    }
    let time = EntryText.time(seconds: cosignature.seconds)
    console.say("gatehouse: \(key.name) cosigned the tree of \(checkpoint.checkpoint.size) at \(time)")
    return .ok
  }

  private static func witness(_ arguments: ParsedArguments) throws(CommandFailure) -> (WitnessClient, NoteVerifier) {
    guard let text = arguments[witness], let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""),
      url.host != nil
    else {
      throw CommandFailure(
        "there is no witness to ask", advice: "Give --witness URL, beginning with http:// or https://", exitCode: .usage
      )
    }
    guard let argument = arguments[key] else {
      throw CommandFailure(
        "without its key nobody knows that the witness has cosigned", advice: "Give --witness-key VKEY",
        exitCode: .usage)
    }
    let key = try LogCommand.verifierKey(argument)
    guard key.kind == .cosignature else {
      throw CommandFailure("the key of \(key.name) is a log's, not a witness's", exitCode: .usage)
    }
    return (WitnessClient(prefix: url, timeout: arguments[ConnectionOptions.timeout]), key)
  }

  /// Submits the newest checkpoint until the witness has cosigned one.
  private static func cosign(
    _ source: LogSource, _ client: WitnessClient, _ key: NoteVerifier
  ) async throws(CommandFailure) -> (PublishedCheckpoint, Cosignature) {
    var oldSize = try source.sizeCosigned(by: key)
    for _ in 0..<maximumAttempts {
      let now = try source.refreshed()
      let checkpoint = try PublishedCheckpoint(await now.checkpoint())
      let size = checkpoint.checkpoint.size
      guard oldSize <= size else {
        throw CommandFailure(
          "\(key.name) has cosigned a tree of \(Quantity.entries(oldSize)); this log has \(size): it was cut, or set back"
        )
      }
      let isProven = oldSize > 0 && oldSize < size
      let proof = isProven ? try await now.consistencyProof(from: oldSize, to: size).hashes : []
      let request = AddCheckpointRequest(
        oldSize: oldSize, proof: proof.compactMap { MerkleHash($0) }, note: checkpoint.note.encoded)
      switch try await client.add(request) {
      case .cosigned(let lines): return (checkpoint, try cosignature(lines, checkpoint, key))
      case .knows(let size): oldSize = size
      case .refused(let status, let words):
        throw CommandFailure("\(key.name) does not cosign the tree of \(size): HTTP status \(status), \(words)")
      }
    }
    throw CommandFailure("\(key.name) named another size \(maximumAttempts) times", exitCode: .unavailable)
  }

  private static func cosignature(
    _ lines: [UInt8], _ checkpoint: PublishedCheckpoint, _ key: NoteVerifier
  ) throws(CommandFailure) -> Cosignature {
    do {
      return try Cosignature(in: lines, of: checkpoint.note.text, by: key)
    } catch {
      throw CommandFailure("the answer of \(key.name) is worth nothing: \(error)")
    }
  }

  /// Keeps it with the log, where the log is a directory.
  /// - Returns: the checkpoint with its cosignatures.
  private static func keep(
    _ cosignature: Cosignature, _ checkpoint: PublishedCheckpoint, _ source: LogSource
  ) throws(CommandFailure) -> SignedNote {
    guard case .directory(_, let storage) = source else { return checkpoint.note.adding(cosignature) }
    do {
      return try CosignedCheckpoint.add(cosignature, to: checkpoint, in: storage).note
    } catch {
      throw CommandFailure(error)
    }
  }

  private static func json(_ cosignature: Cosignature, _ checkpoint: Checkpoint) -> JSONValue {
    .object([
      .init("witness", .string(cosignature.signature.keyName)), .init("origin", .string(checkpoint.origin)),
      .init("size", .number("\(checkpoint.size)")), .init("root", .string("\(checkpoint.root)")),
      .init("time", .number("\(cosignature.seconds)")),
    ])
  }
}

extension LogSource {
  /// How much of the log the witness has cosigned, as far as is known here; it says itself if it was more.
  fileprivate func sizeCosigned(by key: NoteVerifier) throws(CommandFailure) -> UInt64 {
    guard case .directory(_, let storage) = self else { return 0 }
    do {
      guard let known = try CosignedCheckpoint.read(from: storage), try key.verify(known.note) else { return 0 }
      return known.checkpoint.size
    } catch {
      throw CommandFailure("\(CosignedCheckpoint.path): \(error)", advice: "Remove it if it is no checkpoint")
    }
  }
}

extension PublishedCheckpoint {
  fileprivate init(_ checkpoint: LogCheckpoint) throws(CommandFailure) {
    do {
      self = try PublishedCheckpoint(parsing: Array(checkpoint.note.utf8))
    } catch {
      throw CommandFailure("the newest checkpoint: \(error)")
    }
  }
}
