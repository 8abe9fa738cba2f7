/// C2SP tlog-checkpoint: which log, how many entries, which root.
public struct Checkpoint: Equatable, Sendable {
  public static let path = "checkpoint"

  /// Which log.
  public let origin: String
  /// How many entries.
  public let size: UInt64
  public let root: MerkleHash

  public init(origin: String, size: UInt64, root: MerkleHash) {
    self.origin = origin
    self.size = size
    self.root = root
  }

  /// From a note's text; extension lines are tolerated.
  /// - Throws: `.checkpoint` if it is not a checkpoint.
  public init(text: String) throws(JournalError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 4, lines.last == "", lines.dropLast().allSatisfy({ !$0.isEmpty }),
      let size = UInt64(lines[1]), String(size) == lines[1],
      let root = Base64.decode(lines[2]).flatMap({ MerkleHash($0) })
    else { throw JournalError(.checkpoint, "not a checkpoint") }
    self.init(origin: String(lines[0]), size: size, root: root)
  }

  /// The text that is signed.
  public var text: String { "\(origin)\n\(size)\n\(root)\n" }

  /// Reads a checkpoint that one of `keys` has signed.
  /// - Throws: `.checkpoint` if it is malformed, of another origin, or not signed by any of the keys.
  public static func verified(
    _ note: [UInt8], origin: String, keys: [NoteVerifier]
  ) throws(JournalError) -> (checkpoint: Checkpoint, note: SignedNote) {
    let note = try SignedNote(parsing: note)
    var isSigned = false
    for key in keys where try key.verify(note) { isSigned = true }
    guard isSigned else {
      let signing = note.signatures.map { NoteVerifier.named($0.keyName, $0.keyID) }.joined(separator: ", ")
      let known = keys.map { NoteVerifier.named($0.name, $0.keyID) }.joined(separator: ", ")
      throw JournalError(
        .checkpoint, "the checkpoint is not signed by a known key: it names \(signing); known are \(known)")
    }
    let checkpoint = try Checkpoint(text: note.text)
    guard checkpoint.origin.utf8.elementsEqual(origin.utf8) else {
      throw JournalError(.checkpoint, "the checkpoint is of \(checkpoint.origin), not of \(origin)")
    }
    return (checkpoint, note)
  }

  /// The same of what stands in the log's own file, which the error names.
  static func verified(
    file note: [UInt8], origin: String, keys: [NoteVerifier]
  ) throws(JournalError) -> (checkpoint: Checkpoint, note: SignedNote) {
    do { return try verified(note, origin: origin, keys: keys) } catch {
      throw JournalError(error.code, "\(path): \(error.message)")
    }
  }
}
