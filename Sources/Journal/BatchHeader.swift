/// The 48 bytes before a batch's payload; Protocol/journal.md, "Batch".
struct BatchHeader: Equatable {
  static let byteCount = 48
  static let maximumByteCount = 4096
  static let maximumPayloadBytes = 64 << 20
  static let magic: UInt32 = 0x4843_5442
  /// Flags that a reader must know or refuse.
  static let criticalFlags: UInt16 = 0xFF

  var headerBytes = byteCount
  var payloadBytes: Int
  var count: UInt32
  var firstIndex: UInt64
  var timeMilliseconds: Int64
  var durableIndex: UInt64
  var payloadCRC: UInt32

  var byteCount: Int { headerBytes + payloadBytes }
  var endIndex: UInt64 { firstIndex + UInt64(count) }

  /// Writes the header into the first 48 bytes of `buffer`.
  /// - Parameter seed: the checksum's state after the journal's id, `JournalID.seed`.
  func encode(into buffer: UnsafeMutableRawBufferPointer, seed: CRC32C) {
    buffer.store(Self.magic, at: 0)
    buffer.store(UInt16(Self.byteCount), at: 4)
    buffer.store(UInt16(0), at: 6)
    buffer.store(UInt32(payloadBytes), at: 8)
    buffer.store(count, at: 12)
    buffer.store(firstIndex, at: 16)
    buffer.store(timeMilliseconds, at: 24)
    buffer.store(durableIndex, at: 32)
    buffer.store(payloadCRC, at: 40)
    var crc = seed
    crc.update(UnsafeRawBufferPointer(rebasing: buffer[..<44]))
    buffer.store(crc.value, at: 44)
  }

  /// Decodes a header at the start of `bytes`, which hold all that the header claims to be, or reach to the end of the file.
  static func decode(_ bytes: UnsafeRawBufferPointer, seed: CRC32C) throws(BatchFault) -> BatchHeader {
    guard bytes.count >= byteCount else { throw .short }
    guard bytes.integer(at: 0) == magic else { throw .header("not the magic of a batch") }
    let headerBytes = Int(bytes.integer(at: 4, as: UInt16.self))
    guard headerBytes >= byteCount, headerBytes <= maximumByteCount else { throw .header("impossible header length") }
    guard bytes.count >= headerBytes else { throw .header("reaches beyond the end of the file") }
    var crc = seed
    crc.update(bytes.slice(0, headerBytes - 4))
    guard crc.value == bytes.integer(at: headerBytes - 4) else { throw .header("checksum") }
    let flags = bytes.integer(at: 6, as: UInt16.self) & criticalFlags
    guard flags == 0 else { throw .unsupported("batch flags \(flags)") }
    let header = BatchHeader(
      headerBytes: headerBytes, payloadBytes: Int(bytes.integer(at: 8, as: UInt32.self)), count: bytes.integer(at: 12),
      firstIndex: bytes.integer(at: 16), timeMilliseconds: bytes.integer(at: 24), durableIndex: bytes.integer(at: 32),
      payloadCRC: bytes.integer(at: 40))
    try header.checkLimits()
    return header
  }

  private func checkLimits() throws(BatchFault) {
    guard payloadBytes <= Self.maximumPayloadBytes else { throw .header("payload beyond the limit") }
    guard count >= 1, Int(count) * 4 <= payloadBytes else { throw .header("impossible count") }
    guard !firstIndex.addingReportingOverflow(UInt64(count)).overflow else { throw .header("index beyond 2^64") }
  }
}
