/// The file end of the writer: puts sealed batches into segments, closes full ones, and keeps every failed write from leaving a trace.
///
/// Invariant: the current segment's first `length` bytes are its header and whole batches.
struct SegmentAppender: ~Copyable {
  private let storage: any Storage
  private let catalog: SegmentCatalog
  private let journal: JournalID
  private let segmentBytes: UInt64
  /// What batch headers' checksums begin with.
  let seed: CRC32C
  private(set) var file: (any StorageFile)?
  private(set) var length: UInt64
  /// A batch for which there was no space, to be written before any other.
  var held: BatchBuffer?

  /// Goes on at the end of `tail`, or in a segment yet to be made.
  init(storage: any Storage, catalog: SegmentCatalog, journal: JournalID, segmentBytes: UInt64, tail: SegmentTail?) {
    self.storage = storage
    self.catalog = catalog
    self.journal = journal
    seed = journal.seed
    self.segmentBytes = segmentBytes
    file = tail?.file
    length = tail?.length ?? 0
  }

  /// Whether a batch of this size must go to a new segment.
  func mustRotate(for byteCount: Int) -> Bool {
    guard file != nil else { return true }
    return length > UInt64(SegmentHeader.byteCount) && length + UInt64(byteCount) > segmentBytes
  }

  /// Starts a new segment, durably; the caller has synced the old one.
  mutating func rotate(firstIndex: UInt64, timeMilliseconds: Int64) throws(StorageError) {
    let segment = SegmentInfo(firstIndex: firstIndex)
    let header = SegmentHeader(firstIndex: firstIndex, createdMilliseconds: timeMilliseconds, journal: journal)
    let next = try storage.open(segment.path, .replace)
    try next.write(header.encoded(), at: 0)
    try next.sync()
    try storage.syncDirectory(SegmentCatalog.directory)
    file = next
    length = UInt64(SegmentHeader.byteCount)
    catalog.append(segment)
  }

  /// Writes one sealed batch with one write.
  /// - Throws: what the write threw, with the file truncated to its last whole batch if it was for want of space.
  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
    guard let file else { return }
    do { try file.write(bytes, at: length) } catch {
      if error.code == .noSpace { try file.truncate(to: length) }
      throw error
    }
    length += UInt64(bytes.count)
  }
}

/// Where recovery found the end of the log.
struct SegmentTail: Sendable {
  let file: any StorageFile
  let length: UInt64
}
