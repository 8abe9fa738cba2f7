/// Finds the end of the log at start: checks the segments, cuts a torn tail, refuses damage.
struct Recovery {
  let storage: any Storage
  /// All below is covered by a verified checkpoint.
  let checkpointSize: UInt64
  /// Segments wholly below are not read; a snapshot stands for them.
  let checkFrom: UInt64
  let progress: (WalkProgress) -> Void

  struct Result {
    var report = RecoveryReport()
    var segments: [SegmentInfo] = []
    var journal: JournalID?
    var tail: SegmentTail?
    var minimumIndex: UInt64 = 0
  }

  func run() throws(JournalError) -> Result {
    var result = Result()
    result.minimumIndex = try MinimumIndex.read(from: storage)
    result.segments = try removeLeftOvers(below: result.minimumIndex)
    try checkStart(result)
    var walk = Walk(total: try total(of: result.segments))
    for (position, segment) in result.segments.enumerated() {
      let next = position + 1 < result.segments.count ? result.segments[position + 1] : nil
      if let next, next.firstIndex <= checkFrom { continue }
      try check(segment, next: next, &result, &walk)
    }
    finish(&result)
    try checkEnd(result)
    return result
  }

  private struct Walk {
    var done: UInt64 = 0
    let total: UInt64
  }

  private func total(of segments: [SegmentInfo]) throws(JournalError) -> UInt64 {
    try storing { () throws(StorageError) in
      var total: UInt64 = 0
      for (position, segment) in segments.enumerated() {
        if position + 1 < segments.count, segments[position + 1].firstIndex <= checkFrom { continue }
        total += try storage.open(segment.path, .read).size()
      }
      return total
    }
  }

  /// Completes a removal that a crash interrupted.
  private func removeLeftOvers(below minimum: UInt64) throws(JournalError) -> [SegmentInfo] {
    try storing { () throws(StorageError) in
      let catalog = SegmentCatalog(try SegmentCatalog.list(in: storage))
      let gone = catalog.wholly(below: minimum)
      for segment in gone { try storage.remove(segment.path) }
      if !gone.isEmpty { try storage.syncDirectory(SegmentCatalog.directory) }
      catalog.remove(gone)
      return catalog.all
    }
  }

  private func checkStart(_ result: Result) throws(JournalError) {
    guard let first = result.segments.first else {
      if max(checkpointSize, result.minimumIndex) > 0 { throw missing("no segment is left", at: result.minimumIndex) }
      return
    }
    if first.firstIndex > result.minimumIndex {
      throw missing("the log begins at \(first.firstIndex)", at: result.minimumIndex)
    }
  }

  private func checkEnd(_ result: Result) throws(JournalError) {
    if result.report.endIndex < checkpointSize {
      throw missing("the log ends before its checkpoint's size \(checkpointSize)", at: result.report.endIndex)
    }
  }

  private func missing(_ reason: String, at index: UInt64) -> JournalError {
    JournalError(JournalDamage(file: SegmentCatalog.directory, offset: 0, index: index, reason: reason))
  }

  private func finish(_ result: inout Result) {
    result.report.firstIndex = result.segments.first?.firstIndex ?? result.report.endIndex
    result.report.segments = result.segments.count
  }

  private func check(
    _ segment: SegmentInfo, next: SegmentInfo?, _ result: inout Result, _ walk: inout Walk
  ) throws(JournalError) {
    let file = try storing { () throws(StorageError) in try storage.open(segment.path, next == nil ? .readWrite : .read)
    }
    let scanner = SegmentScanner(segment, file: file)
    var unproven: BatchMark?
    do throws(BatchFault) {
      try scanner.open()
      if let journal = result.journal, scanner.header.journal != journal { throw .header("belongs to another journal") }
      result.journal = scanner.header.journal
      var mark = BatchMark(firstIndex: scanner.nextIndex, offset: scanner.offset)
      while try scanner.next() != nil {
        if unproven == nil, scanner.nextIndex > checkpointSize { unproven = mark }
        mark = BatchMark(firstIndex: scanner.nextIndex, offset: scanner.offset)
        progress(
          WalkProgress(
            bytesDone: walk.done + scanner.offset, bytesTotal: walk.total, nextIndex: scanner.nextIndex))
      }
      if let next, next.firstIndex != scanner.nextIndex {
        throw .index(expected: scanner.nextIndex, found: next.firstIndex)
      }
    } catch {
      if next != nil { throw error.error(file: segment.path, offset: scanner.offset, index: scanner.nextIndex) }
      try cut(file, scanner, error, &result)
    }
    walk.done += scanner.offset
    result.report.segmentsChecked += 1
    result.report.bytesChecked += scanner.offset
    result.report.endIndex = scanner.nextIndex
    if next == nil, result.segments.last == segment {
      try writeAgain(file, from: unproven?.offset ?? scanner.offset, to: scanner.offset, &result)
      result.tail = SegmentTail(file: file, length: scanner.offset)
    }
  }

  /// Cuts the last segment where its torn tail begins, or throws what damage it is.
  private func cut(
    _ file: any StorageFile, _ scanner: SegmentScanner, _ fault: BatchFault, _ result: inout Result
  ) throws(JournalError) {
    let path = scanner.segment.path
    let rest = try storing { () throws(StorageError) in try self.rest(of: file, from: scanner.offset) }
    let seed = (result.journal ?? scanner.header.journal).seed
    let tail = rest.withUnsafeBytes { bytes in
      TornTail(
        start: BatchMark(firstIndex: scanner.nextIndex, offset: scanner.offset),
        provenIndex: max(checkpointSize, result.minimumIndex), seed: seed, bytes: bytes
      ).isTorn(fault)
    }
    guard tail else { throw fault.error(file: path, offset: scanner.offset, index: scanner.nextIndex) }
    result.report.tornBytes = UInt64(rest.count)
    result.report.tornFile = path
    try storing { () throws(StorageError) in
      if scanner.offset > 0 { return try file.truncate(to: scanner.offset) }
      try storage.remove(path)
      try storage.syncDirectory(SegmentCatalog.directory)
    }
    if scanner.offset == 0 { result.segments.removeLast() }
  }

  private func rest(of file: any StorageFile, from offset: UInt64) throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(try file.size() - offset))
    let count = try file.read(into: &bytes, at: offset)
    return Array(bytes[..<count])
  }

  /// Writes the same bytes again and syncs: a page that an earlier, failed sync left behind may look clean and be on no disk.
  private func writeAgain(
    _ file: any StorageFile, from start: UInt64, to end: UInt64, _ result: inout Result
  ) throws(JournalError) {
    try storing { () throws(StorageError) in
      let window = ReadWindow(file: file)
      var offset = start
      while offset < end {
        let bytes = try window.bytes(at: offset, count: Int(min(end - offset, UInt64(ReadWindow.readAheadBytes))))
        try file.write(bytes, at: offset)
        offset += UInt64(bytes.count)
      }
      result.report.rewrittenBytes = end - start
      try file.sync()
      try storage.syncDirectory(SegmentCatalog.directory)
    }
  }
}
