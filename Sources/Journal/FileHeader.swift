/// The header that segments and snapshots share; Protocol/journal.md, "Segment".
struct FileHeader: Equatable {
  static let byteCount = 64
  static let maximumByteCount = 4096
  static let version: UInt16 = 1
  /// Feature bits that a reader must know or refuse.
  static let criticalFeatures: UInt32 = 0xFFFF

  var magic: [UInt8]
  var index: UInt64
  var timeMilliseconds: Int64
  var journal: JournalID

  func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.byteCount)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.copyBytes(from: magic)
      buffer.store(Self.version, at: 8)
      buffer.store(UInt16(Self.byteCount), at: 10)
      buffer.store(index, at: 16)
      buffer.store(timeMilliseconds, at: 24)
      buffer.store(journal.low, at: 32)
      buffer.store(journal.high, at: 40)
      let crc = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: buffer[..<60]))
      buffer.store(crc, at: 60)
    }
    return bytes
  }

  static func decode(_ bytes: UnsafeRawBufferPointer, magic: [UInt8]) throws(BatchFault) -> (FileHeader, byteCount: Int)
  {
    guard bytes.count >= byteCount else { throw .short }
    guard bytes[..<8].elementsEqual(magic) else { throw .header("not the magic of this file type") }
    let count = Int(bytes.integer(at: 10, as: UInt16.self))
    guard count >= byteCount, count <= maximumByteCount else { throw .header("impossible header length") }
    guard bytes.count >= count else { throw .short }
    guard CRC32C.checksum(bytes.slice(0, count - 4)) == bytes.integer(at: count - 4) else { throw .header("checksum") }
    let found = bytes.integer(at: 8, as: UInt16.self)
    guard found <= version else { throw .unsupported("format version \(found)") }
    let features = bytes.integer(at: 12, as: UInt32.self) & criticalFeatures
    guard features == 0 else { throw .unsupported("features \(features)") }
    let header = FileHeader(
      magic: magic, index: bytes.integer(at: 16), timeMilliseconds: bytes.integer(at: 24),
      journal: JournalID(low: bytes.integer(at: 32), high: bytes.integer(at: 40)))
    return (header, byteCount: count)
  }
}

/// Sixteen random bytes that all files of one journal share.
public struct JournalID: Equatable, Sendable {
  public var low: UInt64
  public var high: UInt64

  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The state of a checksum that has seen the id: what batch headers' checksums begin with.
  var seed: CRC32C {
    var crc = CRC32C()
    withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { crc.update($0) }
    return crc
  }

  static func random() -> JournalID {
    JournalID(low: .random(in: .min ... .max), high: .random(in: .min ... .max))
  }
}
