/// A witness's statement that, at a time, a checkpoint was the newest and consistent with all that it had seen of its log
/// (C2SP tlog-cosignature, Ed25519).
public struct Cosignature: Equatable, Sendable {
  /// The line under the note.
  public let signature: SignedNote.Signature
  /// When, in Unix seconds.
  public let seconds: UInt64

  /// Finds a witness's cosignature among signature lines, as a witness answers them; lines of others are passed over.
  /// - Parameters:
  ///   - text: what was to be cosigned, a checkpoint's text.
  ///   - key: of the witness, of the type `.cosignature`.
  /// - Throws: `.checkpoint` if there is none, or one that does not verify; `.key` if the key is of another type.
  public init(in lines: [UInt8], of text: String, by key: NoteVerifier) throws(JournalError) {
    let note = try SignedNote(parsing: Array("\(text)\n".utf8) + lines)
    // Lines with an empty one among them would make another text of it.
    guard note.text == text else { throw JournalError(.checkpoint, "these are not signature lines") }
    try self.init(under: note, by: key)
  }

  /// Finds a witness's cosignature under a note.
  /// - Throws: as above.
  public init(under note: SignedNote, by key: NoteVerifier) throws(JournalError) {
    guard key.kind == .cosignature else {
      throw JournalError(.key, "the key of \(key.name) is not of a witness: its type is not cosignature/v1")
    }
    guard try key.verify(note),
      let line = note.signatures.first(where: { $0.keyName == key.name && $0.keyID == key.keyID })
    else { throw JournalError(.checkpoint, "there is no cosignature of \(key.name)") }
    signature = line
    seconds = Self.seconds(of: line)
  }

  /// The time in a cosignature's first eight bytes, most significant first; `NoteVerifier` has seen that they are there.
  private static func seconds(of signature: SignedNote.Signature) -> UInt64 {
    signature.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
