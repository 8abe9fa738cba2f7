/// An opened directory, before queues and timers are put around it. Tests drive it by hand.
struct JournalParts {
  let storage: any Storage
  let catalog: SegmentCatalog
  let writer: JournalWriter
  let publisher: CheckpointPublisher
  let recovery: RecoveryReport
  let journalID: JournalID
  let verifier: NoteVerifier
  /// Held as long as it lives.
  let lock: any StorageFile

  /// Takes the lock, recovers the log, verifies the checkpoint, and makes what is missing.
  static func open(
    storage: any Storage, configuration: JournalConfiguration, holder: LockHolder, now: @escaping @Sendable () -> Int64,
    wake: @escaping @Sendable () -> Void, progressed: @escaping @Sendable (JournalProgress) -> Void,
    walk: @escaping (WalkProgress) -> Void
  ) throws(JournalError) -> JournalParts {
    let lock = try holder.lock(storage)
    try storing { () throws(StorageError) in
      for name in try storage.list("") where name.hasSuffix(".new") { try storage.remove(name) }
      try storage.makeDirectory(SegmentCatalog.directory)
    }
    let signed = try storing { () throws(StorageError) in try storage.contents(of: Checkpoint.path) }
    let signers = try KeyFile.load(from: storage, name: configuration.origin, mayMake: signed == nil)
    let last = try signed.map { bytes throws(JournalError) in
      try lastCheckpoint(bytes, signers, configuration.origin)
    }
    // Only now is it sure that the key is this log's: until then what verifiers are given stays as it is.
    try KeyFile.publish(signers[0].verifier, in: storage)
    let found = try Recovery(
      storage: storage, checkpointSize: last?.checkpoint.size ?? 0, checkFrom: configuration.checkFrom, progress: walk
    ).run()
    let catalog = SegmentCatalog(found.segments)
    let journal = found.journal ?? .random()
    let appender = SegmentAppender(
      storage: storage, catalog: catalog, journal: journal, segmentBytes: configuration.limits.segmentBytes,
      tail: found.tail)
    var report = found.report
    if signed == nil {
      try UnsignedLog(
        storage: storage, catalog: catalog, endIndex: report.endIndex, minimumIndex: found.minimumIndex
      ).check()
      report.hasNoCheckpoint = report.endIndex > 0
    }
    let publisher = try publisher(
      storage, catalog, signers, origin: configuration.origin, last: last, mended: &report.mendedTiles)
    try checkLastTile(of: last, storage, catalog, report)
    let writer = JournalWriter(
      appender: appender, endIndex: found.report.endIndex, limits: configuration.limits, now: now, wake: wake,
      progressed: progressed)
    return JournalParts(
      storage: storage, catalog: catalog, writer: writer, publisher: publisher, recovery: report,
      journalID: journal, verifier: signers[0].verifier, lock: lock)
  }

  private static func lastCheckpoint(
    _ bytes: [UInt8], _ signers: [NoteSigner], _ origin: String
  ) throws(JournalError) -> PublishedCheckpoint {
    let (checkpoint, note) = try Checkpoint.verified(file: bytes, origin: origin, keys: signers.map(\.verifier))
    return PublishedCheckpoint(checkpoint: checkpoint, note: note)
  }

  /// Goes on from the last checkpoint; should its tiles not be whole, after making the partial ones anew.
  private static func publisher(
    _ storage: any Storage, _ catalog: SegmentCatalog, _ signers: [NoteSigner], origin: String,
    last: PublishedCheckpoint?, mended: inout [String]
  ) throws(JournalError) -> CheckpointPublisher {
    do {
      return try CheckpointPublisher(
        storage: storage, catalog: catalog, signers: signers, origin: origin, last: last)
    } catch {
      guard error.code == .checkpoint, let last else { throw error }
      mended = try TileMending(storage: storage, catalog: catalog, checkpoint: last.checkpoint).run()
    }
    return try CheckpointPublisher(storage: storage, catalog: catalog, signers: signers, origin: origin, last: last)
  }

  /// Holds the entries of the last level-0 tile against its hashes: the place where a crash or a foreign hand is likeliest.
  private static func checkLastTile(
    of last: PublishedCheckpoint?, _ storage: any Storage, _ catalog: SegmentCatalog, _ report: RecoveryReport
  ) throws(JournalError) {
    guard let size = last?.checkpoint.size, size > 0 else { return }
    let number = (size - 1) / UInt64(Tile.width)
    let first = number * UInt64(Tile.width)
    let tile = Tile(level: 0, number: number, width: Int(size - first))
    let hashes = try TileReader(storage: storage, size: size).hashes(of: tile)
    let cursor = JournalCursor(storage: storage, catalog: catalog, from: max(first, report.firstIndex))
    var wrong: UInt64?
    try cursor.read(below: size) { entry in
      if wrong == nil, MerkleTree.leaf(entry.bytes) != hashes[Int(entry.index - first)] { wrong = entry.index }
    }
    if let wrong {
      throw JournalError(
        JournalDamage(
          file: catalog.segment(holding: wrong)?.path ?? SegmentCatalog.directory, offset: 0, index: wrong,
          reason: "the entry is not the one in the tree"))
    }
  }
}
