/// Reads one segment's batches in order and believes nothing unchecked.
///
/// After a fault the scanner stays where it is: `offset` and `nextIndex` say where the fault lies.
final class SegmentScanner {
  let segment: SegmentInfo
  private let window: ReadWindow
  private(set) var header = SegmentHeader(firstIndex: 0, createdMilliseconds: 0, journal: JournalID(low: 0, high: 0))
  private var seed = CRC32C()
  /// Where the next batch begins.
  private(set) var offset: UInt64 = 0
  /// The index that the next batch must begin with.
  private(set) var nextIndex: UInt64

  init(_ segment: SegmentInfo, file: any StorageFile) {
    self.segment = segment
    window = ReadWindow(file: file)
    nextIndex = segment.firstIndex
  }

  convenience init(_ segment: SegmentInfo, in storage: any Storage) throws(StorageError) {
    self.init(segment, file: try storage.open(segment.path, .read))
  }

  /// Reads and checks the segment's header; to be called first.
  func open() throws(BatchFault) {
    let (found, count) = try SegmentHeader.decode(try bytes(at: 0, FileHeader.maximumByteCount))
    guard found.firstIndex == segment.firstIndex else {
      throw .index(expected: segment.firstIndex, found: found.firstIndex)
    }
    header = found
    seed = found.journal.seed
    offset = UInt64(count)
  }

  /// The next batch, checked in full, or nil at the end of the file. Its bytes are valid until the next call.
  func next() throws(BatchFault) -> Batch? {
    guard let header = try peek() else { return nil }
    let whole = try bytes(at: offset, header.byteCount)
    guard whole.count == header.byteCount else { throw .short }
    let batch = Batch(header: header, payload: whole.slice(header.headerBytes, header.payloadBytes))
    try batch.check()
    advance(past: header)
    return batch
  }

  /// Passes over the next batch, checking only its header; nil at the end of the file.
  func skip() throws(BatchFault) -> BatchHeader? {
    guard let header = try peek() else { return nil }
    advance(past: header)
    return header
  }

  /// The next batch's header, checked, without moving; nil at the end of the file.
  func peek() throws(BatchFault) -> BatchHeader? {
    var start = try bytes(at: offset, BatchHeader.byteCount)
    if start.isEmpty { return nil }
    if start.count >= 6 {
      let claimed = Int(start.integer(at: 4, as: UInt16.self))
      if claimed > start.count, claimed <= BatchHeader.maximumByteCount { start = try bytes(at: offset, claimed) }
    }
    let header = try BatchHeader.decode(start, seed: seed)
    guard header.firstIndex == nextIndex else { throw .index(expected: nextIndex, found: header.firstIndex) }
    return header
  }

  /// Goes on from a place where a batch is known to begin.
  func seek(to mark: BatchMark) {
    offset = mark.offset
    nextIndex = mark.firstIndex
  }

  private func advance(past header: BatchHeader) {
    offset += UInt64(header.byteCount)
    nextIndex = header.endIndex
  }

  private func bytes(at offset: UInt64, _ count: Int) throws(BatchFault) -> UnsafeRawBufferPointer {
    do { return try window.bytes(at: offset, count: count) } catch { throw .storage(error) }
  }
}

/// Where in a segment a batch begins.
struct BatchMark: Equatable, Sendable {
  let firstIndex: UInt64
  let offset: UInt64
}
