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
    return try cursor(from: index).entry()
  }

  /// The log as the newest checkpoint covers it: what proofs are made from. Nil only before the first tick of a new journal.
  public var covered: CoveredLog? {
    checkpoint.map { CoveredLog(storage: storage, catalog: catalog, checkpoint: $0) }
  }
}

extension Journal {
  /// The snapshots of this journal. A snapshot's index must not be above `writer.durableIndex` when it is written.
  public var snapshots: SnapshotStore { SnapshotStore(storage: storage, journal: journalID) }
}
