/// One batch as read: a header and the payload it speaks of.
struct Batch {
  let header: BatchHeader
  let payload: UnsafeRawBufferPointer

  /// Checks the payload's CRC and that its entries fill it exactly.
  func check() throws(BatchFault) {
    guard CRC32C.checksum(payload) == header.payloadCRC else { throw .payload("checksum") }
    var offset = 0
    for _ in 0..<header.count {
      guard payload.count - offset >= 4 else { throw .payload("entry beyond its end") }
      let length = Int(payload.integer(at: offset, as: UInt32.self))
      guard length <= payload.count - offset - 4 else { throw .payload("entry beyond its end") }
      offset += 4 + length
    }
    guard offset == payload.count else { throw .payload("bytes after the last entry") }
  }

  /// Calls `body` with each entry of a checked batch from `first` up to and without `end`.
  func forEach(from first: UInt64, to end: UInt64, _ body: (JournalEntry) -> Void) {
    var offset = 0
    for index in header.firstIndex..<min(header.endIndex, end) {
      let length = Int(payload.integer(at: offset, as: UInt32.self))
      if index >= first {
        body(
          JournalEntry(
            index: index, timeMilliseconds: header.timeMilliseconds, bytes: payload.slice(offset + 4, length)))
      }
      offset += 4 + length
    }
  }
}

/// One entry as read back. Its bytes are valid only during the call that hands it out.
public struct JournalEntry {
  public let index: UInt64
  /// When its batch was closed, Unix milliseconds; may run backwards.
  public let timeMilliseconds: Int64
  public let bytes: UnsafeRawBufferPointer
}
