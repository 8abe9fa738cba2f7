import Synchronization

/// Grows the tree behind the durable end of the log and publishes what it has: tiles first, then the signature.
///
/// A tick's tiles are synced one by one as they are filled, so that the work comes in small pieces with waits in between; only when there
/// are many (`tilesOneByOneLimit`) it hurries, and one sync of the whole file system, which holds up everybody, is for all of them.
///
/// One thread at a time works in it, others wait; never on the hot path. After a failed sync it publishes nothing more (`failure`).
/// `@unchecked Sendable` because all mutable state is touched only in `working`, which nothing leaves but values.
final class CheckpointPublisher: @unchecked Sendable {
  /// How much of the log is hashed before its tiles are written; bounds memory.
  static let chunkBytes = 8 << 20
  /// The same when it does not hurry: about a tile.
  static let pieceBytes = 64 << 10
  /// A sync takes 0.1 to 2 ms, and a checkpoint must follow within a second.
  static let tilesOneByOneLimit: UInt64 = 256

  private let working = Mutex<Void>(())
  private let storage: any Storage
  private let signers: [NoteSigner]
  private let origin: String
  private let cursor: JournalCursor
  private var builder: TileBuilder
  private var tiles: TileWriter
  private var current: PublishedCheckpoint?
  private var failure: JournalError?

  /// Goes on from the last checkpoint, after verifying it against the tiles.
  /// - Throws: `.checkpoint` if they contradict each other.
  init(
    storage: any Storage, catalog: SegmentCatalog, signers: [NoteSigner], origin: String, last: PublishedCheckpoint?
  ) throws(JournalError) {
    self.storage = storage
    self.signers = signers
    self.origin = origin
    let size = last?.checkpoint.size ?? 0
    let reader = TileReader(storage: storage, size: size)
    builder = try TileBuilder(size: size) { tile throws(JournalError) in try reader.hashes(of: tile) }
    if let last, builder.root != last.checkpoint.root {
      throw JournalError(.checkpoint, "the tiles of size \(size) have another root than the checkpoint")
    }
    tiles = TileWriter(storage: storage)
    cursor = JournalCursor(storage: storage, catalog: catalog, from: size)
    current = last
  }

  /// What was published last; nil before the first time.
  var published: PublishedCheckpoint? { working.withLock { _ in current } }

  /// Hashes the entries up to `end`, which must be durable, and publishes a checkpoint over them, unless there is nothing new.
  /// - Returns: the new checkpoint.
  /// - Throws: `.storage` with a cause of no space, to be tried again; anything else is final and stays in `failure`.
  func publish(upTo end: UInt64) throws(JournalError) -> PublishedCheckpoint? {
    try working.withLock { _ throws(JournalError) in try work(upTo: end) }
  }

  private func work(upTo end: UInt64) throws(JournalError) -> PublishedCheckpoint? {
    if let failure { throw failure }
    let hurries = (end - min(end, builder.size)) / UInt64(Tile.width) > Self.tilesOneByOneLimit
    do {
      try tiles(upTo: end, oneByOne: !hurries)
      if let current, current.checkpoint.size == builder.size, current.note.signatures.count >= signers.count {
        return nil
      }
      return try sign(oneByOne: !hurries)
    } catch {
      if error.cause?.code != .noSpace { failure = error }
      throw error
    }
  }

  private func tiles(upTo end: UInt64, oneByOne: Bool) throws(JournalError) {
    try storing { () throws(StorageError) in try tiles.write(oneByOne: oneByOne) }
    while builder.size < end {
      try cursor.read(below: end, maximumBytes: oneByOne ? Self.pieceBytes : Self.chunkBytes) { entry in
        builder.append(MerkleTree.leaf(entry.bytes)) { tile, hashes in tiles.add(tile, hashes) }
      }
      try storing { () throws(StorageError) in try tiles.write(oneByOne: oneByOne) }
    }
  }

  /// Tiles durable, then the signature, then the file.
  private func sign(oneByOne: Bool) throws(JournalError) -> PublishedCheckpoint {
    let covered = Tile.partials(size: current?.checkpoint.size ?? 0)
    // A partial tile that has not grown, as those of upper levels mostly have not, is what the checkpoint in force rests on: its file is
    // left alone, for a crash may tear what is being written.
    for (tile, hashes) in builder.partials where !covered.contains(tile) { tiles.add(tile, hashes) }
    try storing { () throws(StorageError) in
      try tiles.write(oneByOne: oneByOne)
      try tiles.persist()
    }
    let checkpoint = Checkpoint(origin: origin, size: builder.size, root: builder.root)
    var note = SignedNote(text: checkpoint.text, signatures: [])
    for signer in signers { note.signatures.append(try signer.sign(note.text)) }
    let next = PublishedCheckpoint(checkpoint: checkpoint, note: note)
    try store(next)
    return next
  }

  private func store(_ next: PublishedCheckpoint) throws(JournalError) {
    let last = current
    try storing { () throws(StorageError) in
      try storage.replace(Checkpoint.path, with: next.note.encoded)
      current = next
      for tile in Tile.partials(size: last?.checkpoint.size ?? 0)
      where Tile.hashCount(level: tile.level, size: next.checkpoint.size) / UInt64(Tile.width) > tile.number {
        try tiles.removePartials(of: tile)
      }
    }
  }

  /// Adds witnesses' cosignatures to the checkpoint in force.
  /// - Returns: the checkpoint with them, or nil if a newer one is in force.
  func attach(
    _ cosignatures: [SignedNote.Signature], to checkpoint: Checkpoint
  ) throws(JournalError) -> PublishedCheckpoint? {
    try working.withLock { _ throws(JournalError) in
      guard var next = current, next.checkpoint == checkpoint else { return nil }
      next.note.add(cosignatures)
      if next != current { try store(next) }
      return next
    }
  }
}

/// A checkpoint with the note that carries its signatures.
public struct PublishedCheckpoint: Equatable, Sendable {
  public let checkpoint: Checkpoint
  public internal(set) var note: SignedNote

  init(checkpoint: Checkpoint, note: SignedNote) {
    self.checkpoint = checkpoint
    self.note = note
  }

  /// From a signed note's bytes; no signature is verified.
  /// - Throws: `.checkpoint` if they are not a checkpoint.
  public init(parsing bytes: [UInt8]) throws(JournalError) {
    note = try SignedNote(parsing: bytes)
    checkpoint = try Checkpoint(text: note.text)
  }
}
