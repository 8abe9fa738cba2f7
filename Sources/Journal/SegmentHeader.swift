/// The first 64 bytes of a segment; Protocol/journal.md, "Segment".
struct SegmentHeader: Equatable {
  static let byteCount = 64
  static let magic: [UInt8] = Array("GHBOOK\r\n".utf8)

  var firstIndex: UInt64
  var createdMilliseconds: Int64
  var journal: JournalID

  func encoded() -> [UInt8] {
    FileHeader(magic: Self.magic, index: firstIndex, timeMilliseconds: createdMilliseconds, journal: journal).encoded()
  }

  /// Decodes the header and says where batches start.
  /// - Throws: `BatchFault` if the bytes are short or wrong, or `.unsupported` if they are of a newer version.
  static func decode(_ bytes: UnsafeRawBufferPointer) throws(BatchFault) -> (SegmentHeader, byteCount: Int) {
    let (header, count) = try FileHeader.decode(bytes, magic: magic)
    return (
      SegmentHeader(firstIndex: header.index, createdMilliseconds: header.timeMilliseconds, journal: header.journal),
      byteCount: count
    )
  }
}
