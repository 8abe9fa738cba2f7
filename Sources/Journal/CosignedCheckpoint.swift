/// The file with the newest checkpoint that witnesses have cosigned; Protocol/journal.md, "Witnesses".
///
/// The log grows while a witness answers, so what was cosigned is as a rule no longer the newest checkpoint: it is kept apart, and
/// the journal takes its cosignatures into `checkpoint` as long as that is the same.
public enum CosignedCheckpoint {
  public static let path = "checkpoint-cosigned"
  static let lockPath = "checkpoint-cosigned.lock"

  /// The checkpoint with its cosignatures, or nil if there is none; nothing is verified.
  /// - Throws: `.checkpoint` if it is malformed, `.storage`.
  public static func read(from storage: any Storage) throws(JournalError) -> PublishedCheckpoint? {
    guard let bytes = try storing({ () throws(StorageError) in try storage.contents(of: path) }) else { return nil }
    return try PublishedCheckpoint(parsing: bytes)
  }

  /// Keeps a cosignature, which the caller has verified, beside those of other witnesses of the same checkpoint. Durable on return.
  /// - Returns: what is now in the file: a newer checkpoint stays.
  /// - Throws: `.locked` if another process does the same at this moment: try again; `.storage`.
  public static func add(
    _ cosignature: Cosignature, to checkpoint: PublishedCheckpoint, in storage: any Storage
  ) throws(JournalError) -> PublishedCheckpoint {
    let lock: any StorageFile
    do { lock = try storage.lock(lockPath) } catch {
      guard error.code == .locked else { throw JournalError(error) }
      throw JournalError(.locked, "another witness's answer is being stored")
    }
    return try withExtendedLifetime(lock) { () throws(JournalError) in
      var next = checkpoint
      if let known = try read(from: storage) {
        if known.checkpoint.size > checkpoint.checkpoint.size { return known }
        if known.note.text == checkpoint.note.text { next.note.add(known.note.signatures) }
      }
      next.note.add([cosignature.signature])
      try storing { () throws(StorageError) in try storage.replace(path, with: next.note.encoded) }
      return next
    }
  }
}

extension SignedNote {
  /// The note with a witness's cosignature under it.
  public func adding(_ cosignature: Cosignature) -> SignedNote {
    var note = self
    note.add([cosignature.signature])
    return note
  }

  /// Adds the signatures that it does not have, up to as many as a note may have; one by a key that has signed already
  /// replaces the older: a witness that cosigns again says that it still stands to it.
  mutating func add(_ others: [Signature]) {
    for other in others {
      if let place = signatures.firstIndex(where: { $0.keyName == other.keyName && $0.keyID == other.keyID }) {
        signatures[place] = other
      } else if signatures.count < Self.maximumSignatures {
        signatures.append(other)
      }
    }
  }
}
