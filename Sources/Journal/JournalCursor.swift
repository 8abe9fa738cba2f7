/// Walks over the entries in order, from any index, also while the journal grows. One per reader; cheap to keep, never in the writer's way.
///
/// ```
/// let cursor = try journal.cursor(from: 0)
/// let next = try cursor.read(below: journal.writtenIndex) { entry in … }
/// ```
public final class JournalCursor {
  private let storage: any Storage
  private let catalog: SegmentCatalog
  private var scanner: SegmentScanner?
  /// The index of the entry that the next read begins with.
  public private(set) var nextIndex: UInt64

  init(storage: any Storage, catalog: SegmentCatalog, from index: UInt64) {
    self.storage = storage
    self.catalog = catalog
    nextIndex = index
  }

  /// Hands out the entries from `nextIndex` to `limit`, without it, until at least `maximumBytes` of batches were read.
  /// - Parameter limit: at most the journal's `writtenIndex`.
  /// - Returns: `nextIndex`, where the next read goes on.
  /// - Throws: `.removed` if retention has taken the entry, `.damaged` where the bytes are not what was written.
  @discardableResult
  public func read(
    below limit: UInt64, maximumBytes: Int = .max, _ body: (JournalEntry) -> Void
  ) throws(JournalError) -> UInt64 {
    var bytes = 0
    while nextIndex < limit, bytes < maximumBytes {
      let scanner = try positioned()
      let batch: Batch?
      do { batch = try scanner.next() } catch {
        throw error.error(file: scanner.segment.path, offset: scanner.offset, index: scanner.nextIndex)
      }
      guard let batch else {
        try moveOn(from: scanner)
        continue
      }
      batch.forEach(from: nextIndex, to: limit, body)
      bytes += batch.header.byteCount
      nextIndex = max(nextIndex, min(batch.header.endIndex, limit))
      if nextIndex < batch.header.endIndex { self.scanner = nil }
    }
    return nextIndex
  }

  /// The entry at `nextIndex`, which must be there.
  func entry() throws(JournalError) -> (timeMilliseconds: Int64, bytes: [UInt8]) {
    var found: (timeMilliseconds: Int64, bytes: [UInt8]) = (0, [])
    try read(below: nextIndex + 1) { found = ($0.timeMilliseconds, Array($0.bytes)) }
    return found
  }

  /// The scanner standing at or before `nextIndex`.
  private func positioned() throws(JournalError) -> SegmentScanner {
    if let scanner { return scanner }
    guard let segment = catalog.segment(holding: nextIndex) else {
      throw JournalError(.removed, "entry \(nextIndex) was removed by retention")
    }
    let found = try open(segment)
    do {
      while let header = try found.peek(), header.endIndex <= nextIndex { _ = try found.skip() }
    } catch {
      throw error.error(file: segment.path, offset: found.offset, index: found.nextIndex)
    }
    scanner = found
    return found
  }

  private func open(_ segment: SegmentInfo) throws(JournalError) -> SegmentScanner {
    let scanner: SegmentScanner
    do { scanner = try SegmentScanner(segment, in: storage) } catch {
      if error.code == .notFound { throw JournalError(.removed, "entry \(nextIndex) was removed by retention") }
      throw JournalError(error)
    }
    do { try scanner.open() } catch {
      throw error.error(file: segment.path, offset: scanner.offset, index: scanner.nextIndex)
    }
    return scanner
  }

  private func moveOn(from scanner: SegmentScanner) throws(JournalError) {
    guard let next = catalog.segment(after: scanner.segment), next.firstIndex == scanner.nextIndex else {
      throw JournalError(
        JournalDamage(
          file: scanner.segment.path, offset: scanner.offset, index: scanner.nextIndex, reason: "the log ends here"))
    }
    self.scanner = try open(next)
  }
}
