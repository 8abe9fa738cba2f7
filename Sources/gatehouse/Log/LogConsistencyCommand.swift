import Arguments
import GatehouseProtocol
import Journal
import ProtoJSON

/// `gatehouse log consistency OLD [DIR]`
enum LogConsistencyCommand {
  static let old = Operand(
    "OLD", .string.named("OLD"), help: "A number of entries, or the file of a checkpoint that was kept")
  static let new = Option<Int?>(
    "new", .integer(in: 1...Int.max).named("SIZE"), help: "The greater number of entries; absent: the newest checkpoint"
  )

  static let command = Command<CommandAction>(
    "consistency", "Prove that the log still begins as it did",
    discussion: """
      Asks for an RFC 6962 consistency proof between two sizes of the log and verifies it. With a checkpoint file as OLD \
      its signature and its root are verified, too: exits with 0 when everything that it covered still stands in the \
      log, with 1 when not. Prints both sizes and roots, then the proof's hashes, all in base64.
      """,
    examples: [
      Example(
        "gatehouse log consistency 2026-01-01.checkpoint --key @gatehouse.vkey", "Does the server still keep it?"),
      Example("gatehouse log consistency 100 /var/lib/gatehouse --new 200", "Between two sizes, from a directory"),
    ],
    options: [LogCommand.key, new] + LogSource.options + [GatehouseProgram.json],
    operands: [old, LogCommand.optionalDirectory], action: run)

  @Sendable private static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
    let source = try LogSource(arguments)
    let proof: ConsistencyProof
    if let size = UInt64(arguments[old]) {
      guard size >= 1 else {
        throw CommandFailure("every log begins with nothing: OLD is at least 1", exitCode: .usage)
      }
      proof = try await source.consistencyProof(from: size, to: arguments[new].map(UInt64.init))
      try check(proof, MerkleHash(proof.oldRootHash), MerkleHash(proof.newRootHash))
    } else {
      proof = try await proofSinceKept(arguments, source)
    }
    await source.close()
    if arguments[GatehouseProgram.json] {
      try console.print(proof.json().text)
    } else {
      try console.print(lines(proof))
    }
    console.say("gatehouse: the log of \(Quantity.entries(proof.newSize)) begins with the first \(proof.oldSize)")
    return .ok
  }

  /// The proof from a checkpoint that was kept to the newest one, both with their signatures verified.
  private static func proofSinceKept(
    _ arguments: ParsedArguments, _ source: LogSource
  ) async throws(CommandFailure) -> ConsistencyProof {
    let path = arguments[old]
    guard arguments[new] == nil else {
      throw CommandFailure("a kept checkpoint is compared with the newest one: leave out --new", exitCode: .usage)
    }
    let keys = try LogCommand.keys(arguments)
    guard !keys.isEmpty else {
      throw CommandFailure(
        "a checkpoint proves nothing without the log's key", advice: "Give --key VKEY or --key @FILE", exitCode: .usage)
    }
    let kept = try verified(Array(try InputText.file(path).utf8), keys, path)
    let newest = try verified(Array(try await source.checkpoint().note.utf8), keys, "the newest checkpoint")
    guard newest.size >= kept.size else {
      throw CommandFailure(
        "\(path) covers \(Quantity.entries(kept.size)), the log has \(newest.size): it was cut, or set back")
    }
    let proof = try await source.consistencyProof(from: kept.size, to: newest.size)
    try check(proof, kept.root, newest.root)
    return proof
  }

  private static func verified(
    _ note: [UInt8], _ keys: [NoteVerifier], _ name: String
  ) throws(CommandFailure) -> Checkpoint {
    do {
      return try Checkpoint.verified(note, origin: keys[0].name, keys: keys).checkpoint
    } catch {
      throw CommandFailure("\(name): \(error)")
    }
  }

  /// That the proof leads from one root to the other.
  static func check(
    _ proof: ConsistencyProof, _ oldRoot: MerkleHash?, _ newRoot: MerkleHash?
  ) throws(CommandFailure) {
    let hashes = proof.hashes.compactMap { MerkleHash($0) }
    guard let oldRoot, let newRoot, hashes.count == proof.hashes.count,
      MerkleProof.verifyConsistency(from: proof.oldSize, oldRoot, to: proof.newSize, newRoot, proof: hashes)
    else {
      throw CommandFailure(
        "the log does not begin with the first \(Quantity.entries(proof.oldSize)): it was rewritten, or the proof is false"
      )
    }
  }

  /// Both trees, then the hashes.
  static func lines(_ proof: ConsistencyProof) -> [String] {
    ["\(proof.oldSize) \(base64(proof.oldRootHash))", "\(proof.newSize) \(base64(proof.newRootHash))"]
      + proof.hashes.map(base64)
  }

  private static func base64(_ bytes: [UInt8]) -> String { MerkleHash(bytes)?.description ?? "" }
}
