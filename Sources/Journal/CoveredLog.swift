/// The log as far as one signed checkpoint covers it: its entries, its tree, and receipts. Reads only and needs no lock, so
/// that it works on the directory of a running server, too.
///
/// ```
/// let log = try CoveredLog(storage: PosixStorage(existing: "/var/lib/gatehouse"))
/// let receipt = try log.receipt(for: 17)
/// ```
/// What it reads is checked against accidents, not against forgery: who must know holds a receipt against the verifier key
/// (`LogProof.verify`) or the whole directory (`LogVerifier`).
public struct CoveredLog: Sendable {
  /// How far the log is covered.
  public let checkpoint: PublishedCheckpoint
  private let storage: any Storage
  private let catalog: SegmentCatalog

  init(storage: any Storage, catalog: SegmentCatalog, checkpoint: PublishedCheckpoint) {
    self.storage = storage
    self.catalog = catalog
    self.checkpoint = checkpoint
  }

  /// Of a directory, as its file `checkpoint` says; the signature is not looked at.
  /// - Parameter cosigned: as far as the newest checkpoint covers it that witnesses have cosigned.
  /// - Throws: `.notFound` if there is no checkpoint, `.checkpoint` if it is malformed, `.storage`.
  public init(storage: any Storage, cosigned: Bool = false) throws(JournalError) {
    // Before the segments are listed: all that it covers is then among them.
    let path = cosigned ? CosignedCheckpoint.path : Checkpoint.path
    guard let bytes = try storing({ () throws(StorageError) in try storage.contents(of: path) }) else {
      if cosigned { throw JournalError(.notFound, "no witness has cosigned a checkpoint yet") }
      throw JournalError(.notFound, "there is no checkpoint: this is not the directory of a log, or a new one")
    }
    checkpoint = try PublishedCheckpoint(parsing: bytes)
    catalog = SegmentCatalog(try storing { () throws(StorageError) in try SegmentCatalog.list(in: storage) })
    self.storage = storage
  }

  /// How many entries are covered.
  public var size: UInt64 { checkpoint.checkpoint.size }

  /// The index of the first entry that retention has left.
  public var firstIndex: UInt64 { min(catalog.all.first?.firstIndex ?? size, size) }

  /// The tree of `size`, read from the tiles: roots, leaves and proofs of it and of all smaller sizes.
  public var tree: TileReader { TileReader(storage: storage, size: size) }

  /// The root of the first `size` entries: of all that is covered, the one that was signed; of fewer, what the tiles make it.
  public func root(of size: UInt64) throws(JournalError) -> MerkleHash {
    size == self.size ? checkpoint.checkpoint.root : try tree.root(of: size)
  }

  /// A reader of the entries that begins at `index`; read below `size`.
  public func cursor(from index: UInt64) -> JournalCursor {
    JournalCursor(storage: storage, catalog: catalog, from: index)
  }

  /// One entry.
  /// - Throws: `.notFound` if it is not covered, `.removed` if retention has taken it, `.damaged`.
  public func entry(at index: UInt64) throws(JournalError) -> (timeMilliseconds: Int64, bytes: [UInt8]) {
    try checkIsCovered(index)
    return try cursor(from: index).entry()
  }

  /// A receipt for an entry: its place in the tree, and the signed checkpoint.
  /// - Throws: `.notFound` if it is not covered yet; the next checkpoint, within a second, will cover what is written.
  public func receipt(for index: UInt64) throws(JournalError) -> LogProof {
    try checkIsCovered(index)
    return LogProof(
      index: index, hashes: try tree.inclusionProof(of: index, in: size), note: checkpoint.note.encoded)
  }

  private func checkIsCovered(_ index: UInt64) throws(JournalError) {
    guard index < size else { throw JournalError(.notFound, "no checkpoint covers entry \(index) yet") }
  }
}

extension CoveredLog {
  /// The verifier key that the directory itself names; nil if there is none. It proves nothing to who must not trust the directory.
  /// - Throws: `.key` if it is malformed.
  public static func ownKey(in storage: any Storage) throws(JournalError) -> NoteVerifier? {
    guard let bytes = try storing({ () throws(StorageError) in try storage.contents(of: KeyFile.verifierPath) }) else {
      return nil
    }
    guard let line = String(validating: bytes, as: UTF8.self), line.hasSuffix("\n") else {
      throw JournalError(.key, "\(KeyFile.verifierPath) is not a verifier key")
    }
    return try NoteVerifier(vkey: String(line.dropLast()))
  }
}
