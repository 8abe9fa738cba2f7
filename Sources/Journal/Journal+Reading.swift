extension Journal {
  /// A reader that begins at `index`; read up to `writer.writtenIndex`.
  public func cursor(from index: UInt64) -> JournalCursor {
    JournalCursor(storage: storage, catalog: catalog, from: index)
  }

  /// The index of the first entry that retention has left.
  public var firstIndex: UInt64 { catalog.all.first?.firstIndex ?? writer.nextIndex }

  /// One entry.
  /// - Throws: `.notFound` if it is not yet written, `.removed` if retention has taken it, `.damaged`.
  public func entry(at index: UInt64) throws(JournalError) -> (timeMilliseconds: Int64, bytes: [UInt8]) {
    guard index < writer.writtenIndex else { throw JournalError(.notFound, "there is no entry \(index) yet") }
    var found: (timeMilliseconds: Int64, bytes: [UInt8]) = (0, [])
    try cursor(from: index).read(below: index + 1) { found = ($0.timeMilliseconds, Array($0.bytes)) }
    return found
  }

  /// A receipt for an entry under the newest checkpoint.
  /// - Throws: `.notFound` if no checkpoint covers it yet; the next one, within a second, will.
  public func proof(of index: UInt64) throws(JournalError) -> LogProof {
    guard let checkpoint, index < checkpoint.checkpoint.size else {
      throw JournalError(.notFound, "no checkpoint covers entry \(index) yet")
    }
    let size = checkpoint.checkpoint.size
    let hashes = try TileReader(storage: storage, size: size).inclusionProof(of: index, in: size)
    return LogProof(index: index, hashes: hashes, note: checkpoint.note.encoded)
  }

  /// The path that shows entry `index` in the tree of the first `size` entries.
  /// - Throws: `.invalidArgument` if the newest checkpoint does not reach so far.
  public func inclusionProof(of index: UInt64, in size: UInt64) throws(JournalError) -> [MerkleHash] {
    try tiles.inclusionProof(of: index, in: size)
  }

  /// What shows that the first `newSize` entries begin with the first `oldSize`.
  /// - Throws: `.invalidArgument` if the newest checkpoint does not reach so far.
  public func consistencyProof(from oldSize: UInt64, to newSize: UInt64) throws(JournalError) -> [MerkleHash] {
    try tiles.consistencyProof(from: oldSize, to: newSize)
  }

  /// The tiles of the newest checkpoint's size.
  private var tiles: TileReader { TileReader(storage: storage, size: checkpoint?.checkpoint.size ?? 0) }
}

extension Journal {
  /// The snapshots of this journal. A snapshot's index must not be above `writer.durableIndex` when it is written.
  public var snapshots: SnapshotStore { SnapshotStore(storage: storage, journal: journalID) }
}
