extension Journal {
  /// The whole segments that retention may remove, oldest first: all their entries are below `index` and below the newest checkpoint, and were
  /// written before `milliseconds`. The server writes its decision into the journal, then calls `remove`.
  /// - Throws: `.storage` or `.damaged` if a segment's header cannot be read.
  public func removableSegments(
    below index: UInt64 = .max, writtenBefore milliseconds: Int64 = .max
  ) throws(JournalError) -> [RemovableSegment] {
    let limit = min(index, checkpoint?.checkpoint.size ?? 0)
    var found: [RemovableSegment] = []
    for segment in catalog.wholly(below: limit) {
      guard let next = catalog.segment(after: segment) else { break }
      let scanner = try storing { () throws(StorageError) in try SegmentScanner(next, in: storage) }
      do { try scanner.open() } catch { throw error.error(file: next.path, offset: 0, index: next.firstIndex) }
      // A segment is closed when the next one is made: no entry in it is younger.
      guard scanner.header.createdMilliseconds < milliseconds else { break }
      found.append(
        RemovableSegment(
          firstIndex: segment.firstIndex, endIndex: next.firstIndex,
          closedMilliseconds: scanner.header.createdMilliseconds))
    }
    return found
  }

  /// Removes segments that `removableSegments` named, durably. Tiles stay: all proofs remain possible.
  /// - Throws: `.invalidArgument` if they are not the oldest ones; `.storage`, in which case the next start completes what was begun.
  public func remove(_ segments: [RemovableSegment]) throws(JournalError) {
    guard let end = segments.last?.endIndex else { return }
    let gone = catalog.wholly(below: min(end, checkpoint?.checkpoint.size ?? 0))
    guard gone.map(\.firstIndex) == segments.map(\.firstIndex) else {
      throw JournalError(.invalidArgument, "only the oldest segments below the checkpoint can be removed")
    }
    try storing { () throws(StorageError) in
      try MinimumIndex.write(end, to: storage)
      catalog.remove(gone)
      for segment in gone { try storage.remove(segment.path) }
      try storage.syncDirectory(SegmentCatalog.directory)
    }
  }
}

/// A segment that retention may remove.
public struct RemovableSegment: Equatable, Sendable {
  public let firstIndex: UInt64
  /// One past its last entry.
  public let endIndex: UInt64
  /// When the next segment was begun, Unix milliseconds.
  public let closedMilliseconds: Int64
}
