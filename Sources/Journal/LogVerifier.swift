@preconcurrency import Dispatch
import Synchronization

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

  /// Checks everything, on all cores.
  /// - Parameters:
  ///   - outside: signed checkpoints kept elsewhere, as bytes of their notes.
  ///   - progress: called now and then, by one thread at a time.
  /// - Throws: the first thing that is wrong: `.damaged` with file, offset and entry, or `.checkpoint`.
  public func verify(
    against outside: [[UInt8]] = [], progress: @escaping @Sendable (WalkProgress) -> Void = { _ in }
  ) throws(JournalError) -> VerificationReport {
    guard let note = try storing({ () throws(StorageError) in try storage.contents(of: Checkpoint.path) }) else {
      throw JournalError(.checkpoint, "there is no checkpoint")
    }
    let own = try Checkpoint.verified(file: note, origin: origin, keys: keys).checkpoint
    var roots: [Checkpoint] = [own]
    for note in outside { roots.append(try outsideCheckpoint(note)) }
    let minimum = try MinimumIndex.read(from: storage)
    let segments = try storing { () throws(StorageError) in try SegmentCatalog.list(in: storage) }
    let first = segments.first?.firstIndex ?? own.size
    if segments.isEmpty, own.size > minimum {
      throw missing("no segment is left, of a log whose checkpoint has the size \(own.size)", at: minimum)
    }
    if !segments.isEmpty, first > minimum {
      throw missing("the log begins at \(first), after its minimum index \(minimum)", at: minimum)
    }
    let plan = VerificationPlan(storage: storage, checkpoint: own, expected: roots)
    let walk = TreeWalk(plan, expected: roots) { index throws(JournalError) in try place(of: index, in: segments) }
    try walk.takeRemoved(below: first)
    var report = VerificationReport(checkpoint: own, firstIndex: first)
    try scan(segments, plan, walk, &report, progress)
    report.endIndex = walk.nextIndex
    for checkpoint in roots where checkpoint.size > walk.nextIndex {
      let whose = checkpoint == own ? "its own checkpoint" : "a checkpoint kept outside"
      throw missing("\(whose) has the size \(checkpoint.size), the log has fewer entries", at: walk.nextIndex)
    }
    return report
  }

  /// A checkpoint that was kept elsewhere.
  /// - Throws: `.checkpoint` if it is none of this log, which says nothing about the log.
  public func outsideCheckpoint(_ note: [UInt8]) throws(JournalError) -> Checkpoint {
    try Checkpoint.verified(note, origin: origin, keys: keys).checkpoint
  }

  private func missing(_ reason: String, at index: UInt64) -> JournalError {
    JournalError(JournalDamage(file: SegmentCatalog.directory, offset: 0, index: index, reason: reason))
  }

  /// Hashes the segments, several at a time, and takes them in order.
  private func scan(
    _ segments: [SegmentInfo], _ plan: VerificationPlan, _ walk: TreeWalk, _ report: inout VerificationReport,
    _ progress: @escaping @Sendable (WalkProgress) -> Void
  ) throws(JournalError) {
    var total: UInt64 = 0
    for segment in segments {
      total += try storing { () throws(StorageError) in try storage.open(segment.path, .read).size() }
    }
    let meter = ProgressMeter(bytesTotal: total, firstIndex: report.firstIndex, progress)
    for start in stride(from: 0, to: segments.count, by: Self.segmentsAtOnce) {
      let group = Array(segments[start..<min(segments.count, start + Self.segmentsAtOnce)])
      for (segment, hashes) in zip(group, Self.hashes(of: group, plan, meter)) {
        try take(hashes, of: segment, isLast: segment == segments.last, walk, &report)
      }
    }
  }

  /// Bounds what is hashed beyond an error and what waits to be taken.
  private static let segmentsAtOnce = 16

  private static func hashes(
    of segments: [SegmentInfo], _ plan: VerificationPlan, _ meter: ProgressMeter
  ) -> [SegmentHashes] {
    let results = Mutex<[Int: SegmentHashes]>([:])
    DispatchQueue.concurrentPerform(iterations: segments.count) { position in
      let hashes = SegmentHashes(segments[position], plan) { meter.add(bytes: $0, entries: $1) }
      results.withLock { $0[position] = hashes }
    }
    return results.withLock { results in segments.indices.compactMap { results[$0] } }
  }

  private func take(
    _ hashes: SegmentHashes, of segment: SegmentInfo, isLast: Bool, _ walk: TreeWalk,
    _ report: inout VerificationReport
  ) throws(JournalError) {
    guard segment.firstIndex == walk.nextIndex else {
      throw BatchFault.index(expected: walk.nextIndex, found: segment.firstIndex)
        .error(file: segment.path, offset: 0, index: segment.firstIndex)
    }
    for piece in hashes.pieces { try walk.take(piece) }
    report.bytes += hashes.end.offset
    report.segments += 1
    switch hashes.fault {
    case nil: return
    case .tile(let tile, let difference): throw walk.error(difference, of: tile)
    case .batch(let fault):
      // What no checkpoint covers yet may be in the middle of being written, or torn.
      guard isLast, fault.isOfBytes, hashes.end.firstIndex >= walk.coveredSize else {
        throw fault.error(file: segment.path, offset: hashes.end.offset, index: hashes.end.firstIndex)
      }
      report.unverifiedTail = fault.reason
    }
  }

  /// The segment that holds an entry and where in it the entry's batch begins; nil if the entry was removed.
  private func place(
    of index: UInt64, in segments: [SegmentInfo]
  ) throws(JournalError) -> (file: String, offset: UInt64)? {
    guard let segment = segments.last(where: { $0.firstIndex <= index }) else { return nil }
    let scanner = try storing { () throws(StorageError) in try SegmentScanner(segment, in: storage) }
    do throws(BatchFault) {
      try scanner.open()
      while let header = try scanner.peek(), header.endIndex <= index { _ = try scanner.skip() }
    } catch {
      throw error.error(file: segment.path, offset: scanner.offset, index: scanner.nextIndex)
    }
    return (segment.path, scanner.offset)
  }
}

/// Adds up what several threads have done.
private final class ProgressMeter: Sendable {
  private let done: Mutex<(bytes: UInt64, nextIndex: UInt64)>
  private let bytesTotal: UInt64
  private let progress: @Sendable (WalkProgress) -> Void

  init(bytesTotal: UInt64, firstIndex: UInt64, _ progress: @escaping @Sendable (WalkProgress) -> Void) {
    done = Mutex((0, firstIndex))
    self.bytesTotal = bytesTotal
    self.progress = progress
  }

  func add(bytes: UInt64, entries: UInt64) {
    done.withLock { done in
      done = (done.bytes + bytes, done.nextIndex + entries)
      progress(WalkProgress(bytesDone: done.bytes, bytesTotal: bytesTotal, nextIndex: done.nextIndex))
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
