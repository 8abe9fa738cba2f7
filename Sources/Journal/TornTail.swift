/// Tells a torn tail from damage; Protocol/journal.md, "Torn or damaged".
struct TornTail {
  static let pieceBytes: UInt64 = 512

  /// Where the batch that fails begins, and the index that it should have begun with.
  let start: BatchMark
  /// All entries below this index are known from elsewhere to have been durable.
  let provenIndex: UInt64
  /// What batch headers' checksums begin with, `JournalID.seed`.
  let seed: CRC32C
  /// Everything from `start.offset` to the end of the file.
  let bytes: UnsafeRawBufferPointer

  /// Whether a crash explains it and nothing proves that anything durable is lost.
  func isTorn(_ fault: BatchFault) -> Bool {
    guard fault.isOfBytes, provenIndex <= start.firstIndex else { return false }
    if start.offset == 0 { return isUnfinishedSegment }
    return !hasLaterProof && (fault == .short || hasZeroPiece)
  }

  /// The segment was being created: no batch can have been written before its header was durable.
  private var isUnfinishedSegment: Bool {
    bytes.count < SegmentHeader.byteCount || bytes.count == SegmentHeader.byteCount && hasZeroPiece
  }

  /// How far the failing batch reaches: to where its header says, if that can be trusted, else to the end of the file.
  private var extent: Int {
    guard let header = try? BatchHeader.decode(bytes, seed: seed) else { return bytes.count }
    return min(bytes.count, header.byteCount)
  }

  /// Whether a piece between multiples of 512 in the file holds only zeros.
  private var hasZeroPiece: Bool {
    var from = 0
    while from < extent {
      let boundary = (start.offset + UInt64(from)) / Self.pieceBytes * Self.pieceBytes + Self.pieceBytes
      let to = min(extent, Int(boundary - start.offset))
      if bytes[from..<to].allSatisfy({ $0 == 0 }) { return true }
      from = to
    }
    return false
  }

  /// Whether a valid batch further on was written when the failing one was already durable.
  private var hasLaterProof: Bool {
    var offset = 1
    while offset + BatchHeader.byteCount <= bytes.count {
      if let header = validBatch(at: offset) {
        if header.durableIndex > start.firstIndex { return true }
        offset += header.byteCount
      } else {
        offset += 1
      }
    }
    return false
  }

  private func validBatch(at offset: Int) -> BatchHeader? {
    guard bytes.integer(at: offset, as: UInt32.self) == BatchHeader.magic else { return nil }
    let rest = bytes.slice(offset, bytes.count - offset)
    guard let header = try? BatchHeader.decode(rest, seed: seed), header.byteCount <= rest.count,
      CRC32C.checksum(rest.slice(header.headerBytes, header.payloadBytes)) == header.payloadCRC
    else { return nil }
    return header
  }
}
