/// Checks a whole directory offline: segments, entries against tiles, tiles against each other, the tree against checkpoints.
///
/// It trusts nothing but the verifier keys it is given and, where there is one, a checkpoint that was kept elsewhere: only that can show that
/// somebody who holds the signing key has rewritten the log. Needs no lock; a log that is being written is checked up to its checkpoint.
public struct LogVerifier {
  private let storage: any Storage
  private let origin: String
  private let keys: [NoteVerifier]

  public init(storage: any Storage, origin: String, keys: [NoteVerifier]) {
    self.storage = storage
    self.origin = origin
    self.keys = keys
  }

  /// Checks everything.
  /// - Parameters:
  ///   - outside: signed checkpoints kept elsewhere, as bytes of their notes.
  ///   - progress: called now and then.
  /// - Throws: the first thing that is wrong: `.damaged` with file, offset and entry, or `.checkpoint`.
  public func verify(
    against outside: [[UInt8]] = [], progress: (WalkProgress) -> Void = { _ in }
  ) throws(JournalError) -> VerificationReport {
    guard let note = try storing({ () throws(StorageError) in try storage.contents(of: Checkpoint.path) }) else {
      throw JournalError(.checkpoint, "there is no checkpoint")
    }
    let own = try Checkpoint.verified(note, origin: origin, keys: keys).checkpoint
    var roots: [Checkpoint] = [own]
    for note in outside { roots.append(try Checkpoint.verified(note, origin: origin, keys: keys).checkpoint) }
    let minimum = try MinimumIndex.read(from: storage)
    let segments = try storing { () throws(StorageError) in try SegmentCatalog.list(in: storage) }
    let walk = TreeWalk(storage: storage, checkpoint: own, expected: roots)
    let first = segments.first?.firstIndex ?? own.size
    if first > minimum, first > 0, !segments.isEmpty || own.size > minimum {
      throw missing("the log begins at \(first), after its minimum index \(minimum)", at: minimum)
    }
    try walk.takeRemoved(below: first)
    var report = VerificationReport(checkpoint: own, firstIndex: first)
    try scan(segments, walk, &report, progress)
    report.endIndex = walk.nextIndex
    for checkpoint in roots where checkpoint.size > walk.nextIndex {
      throw missing("a checkpoint covers \(checkpoint.size) entries, the log has fewer", at: walk.nextIndex)
    }
    try walk.checkEdge()
    return report
  }

  private func missing(_ reason: String, at index: UInt64) -> JournalError {
    JournalError(JournalDamage(file: SegmentCatalog.directory, offset: 0, index: index, reason: reason))
  }

  private func scan(
    _ segments: [SegmentInfo], _ walk: TreeWalk, _ report: inout VerificationReport, _ progress: (WalkProgress) -> Void
  ) throws(JournalError) {
    var total: UInt64 = 0
    for segment in segments {
      total += try storing { () throws(StorageError) in try storage.open(segment.path, .read).size() }
    }
    for (position, segment) in segments.enumerated() {
      let scanner = try storing { () throws(StorageError) in try SegmentScanner(segment, in: storage) }
      do throws(BatchFault) {
        guard segment.firstIndex == walk.nextIndex else {
          throw .index(expected: walk.nextIndex, found: segment.firstIndex)
        }
        try scanner.open()
        var offset = scanner.offset
        while let batch = try scanner.next() {
          if let wrong = walk.take(batch, file: segment.path, offset: offset) { throw .wrong(wrong) }
          offset = scanner.offset
          progress(
            WalkProgress(
              bytesDone: report.bytes + offset, bytesTotal: total, nextIndex: scanner.nextIndex))
        }
      } catch {
        // What no checkpoint covers yet may be in the middle of being written, or torn.
        guard position == segments.count - 1, error.isOfBytes, scanner.nextIndex >= walk.coveredSize else {
          throw error.error(file: segment.path, offset: scanner.offset, index: scanner.nextIndex)
        }
        report.unverifiedTail = error.reason
      }
      report.bytes += scanner.offset
      report.segments += 1
    }
  }
}

/// What a verification found, all of it good.
public struct VerificationReport: Equatable, Sendable {
  public let checkpoint: Checkpoint
  /// Entries before were removed by retention; their hashes were taken from the tiles and agree with the checkpoint.
  public let firstIndex: UInt64
  public internal(set) var endIndex: UInt64 = 0
  public internal(set) var segments = 0
  public internal(set) var bytes: UInt64 = 0
  /// Why reading ended before the end of the last segment, beyond everything that a checkpoint covers; nil if it did not.
  public internal(set) var unverifiedTail: String?
}
