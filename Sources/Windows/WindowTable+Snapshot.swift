/// A table's keys in bytes, for snapshots. Numbers are little-endian. A key is, in order of its bytes:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | `high` of the key, UInt64 |
/// | 8 | 8 | `low` of the key, UInt64 |
/// | 16 | 8 | newest time of an event dropped for lack of room while a span covered it, else −1, Int64 |
/// | 24 | 4 | n, the number of events, 1…65,536, UInt32 |
/// | 28 | 4 | 0 |
/// | 32 | 8n or 16n | the events, times never falling: time, Int64; unless the aggregate is `count` its value, 64 bits |
///
/// Events that no span can reach any more, because the key's clock has passed them, are left out. Which aggregate it is of,
/// and which secret the keys were hashed with, whoever writes the snapshot writes beside it. Keys follow one another in
/// ascending order with nothing between them.
extension WindowTable {
  static let cellHeaderBytes = 32

  /// Appends up to `limit` keys after `key` (nil: from the first) to `bytes`, in ascending order. What is observed
  /// between two calls is in the export if its key's turn comes later: for a snapshot of one instant, export in one go.
  ///
  /// - Returns: the last key appended, to go on from; nil if there are no more.
  public func exportKeys(after key: Hash128?, limit: Int, to bytes: inout [UInt8]) -> Hash128? {
    var exported = 0
    var high: UInt64 = key?.high ?? 0
    var last: Hash128?
    repeat {
      let segment = segment(of: Hash128(high: high, low: 0))
      for index in 0..<segment.usableSlots {
        let slot = segment.slot(index, stride: stride)
        let found = WindowSegment.key(slot)
        guard !WindowSegment.isVacant(slot), key.map({ $0 < found }) ?? true else { continue }
        guard exported < limit else { return last }
        append(found, layout.cell(WindowSegment.cell(slot)), to: &bytes)
        exported += 1
        last = found
      }
      high = Self.nextSegmentStart(high, depth: segment.depth)
    } while high != 0
    return nil
  }

  private func append(_ key: Hash128, _ cell: any WindowCell, to bytes: inout [UInt8]) {
    let edge = cell.newest - limits.longestSpan
    let count = cell.count
    var first = 0
    while cell.event(at: first).time <= edge { first += 1 }
    append(key.high, to: &bytes)
    append(key.low, to: &bytes)
    append(UInt64(bitPattern: cell.lost > edge ? cell.lost : -1), to: &bytes)
    append(UInt64(count - first), to: &bytes)
    for index in first..<count {
      let event = cell.event(at: index)
      append(UInt64(bitPattern: event.time), to: &bytes)
      if layout.stride == 2 { append(UInt64(bitPattern: event.value), to: &bytes) }
    }
  }

  private func append(_ word: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Takes in keys as exported by a table of the same aggregate, as if their events were recorded now, one after the
  /// other. With a smaller capacity only the newest events stay.
  ///
  /// - Throws: `WindowImportError` with the offset of the first byte that cannot be right; the keys before that are in.
  public func importKeys(_ bytes: UnsafeRawBufferPointer) throws(WindowImportError) {
    var offset = 0
    while offset < bytes.count {
      offset += try importKey(UnsafeRawBufferPointer(rebasing: bytes[offset...]), at: offset)
    }
  }

  /// The key that begins at `offset` of what `exportKeys` wrote; nil where nothing is left of it.
  public static func exportedKey(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Hash128? {
    guard offset >= 0, bytes.count - offset >= cellHeaderBytes else { return nil }
    return Hash128(
      high: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
      low: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
  }

  /// Takes in the key at the start of `bytes`, which is `offset` of the whole, as `importKeys` does. Returns its length.
  public func importKey(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(WindowImportError) -> Int {
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    func time(_ index: Int) -> Int64 { Int64(bitPattern: word(4 + index * layout.stride)) }
    guard bytes.count >= Self.cellHeaderBytes else { throw WindowImportError(.truncated, offset: offset) }
    let key = Self.storable(Hash128(high: word(0), low: word(1)))
    let lost = Int64(bitPattern: word(2))
    guard (-1...WindowEvent.latestTime).contains(lost) else { throw WindowImportError(.badTime, offset: offset + 16) }
    guard (1...UInt64(WindowShape.maximumCapacity)).contains(word(3)) else {
      throw WindowImportError(.badCount, offset: offset + 24)
    }
    let events = Int(word(3))
    let length = Self.cellHeaderBytes + events * layout.stride * 8
    guard bytes.count >= length else { throw WindowImportError(.truncated, offset: offset) }
    var earliest: Int64 = 0
    for index in 0..<events {
      guard (earliest...WindowEvent.latestTime).contains(time(index)) else {
        throw WindowImportError(.badTime, offset: offset + Self.cellHeaderBytes + index * layout.stride * 8)
      }
      earliest = time(index)
    }
    for index in 0..<events {
      record(key, at: time(index), value: layout.stride == 2 ? word(5 + index * 2) : 0)
    }
    if lost >= 0, let slot = find(key) {
      var cell = layout.cell(WindowSegment.cell(slot))
      blockBytes += cell.noteLost(lost)
    }
    return length
  }

  private func record(_ key: Hash128, at time: Int64, value: UInt64) {
    // Nothing is read, so neither spans nor readings are touched: any place will do.
    withUnsafeTemporaryAllocation(of: WindowReading.self, capacity: 1) { readings in
      guard let readings = readings.baseAddress else { return }
      let operation = WindowOperation(
        key: key, value: Int64(bitPattern: value), time: time, readingCount: 0, contribution: .record)
      withUnsafePointer(to: operation) { operation in
        withUnsafePointer(to: limits.longestSpan) { span in
          observe(UnsafeBufferPointer(start: operation, count: 1), spans: span, into: readings)
        }
      }
    }
  }
}
