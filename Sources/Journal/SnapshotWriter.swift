/// Takes a snapshot's content and writes it in chunks.
public struct SnapshotWriter {
  static let chunkBytes = 1 << 20
  static let chunkHeaderBytes = 8

  private let file: any StorageFile
  private var offset: UInt64
  private var chunk: [UInt8] = []
  private var chunkCRCs = CRC32C()

  init(file: any StorageFile, header: FileHeader) throws(StorageError) {
    self.file = file
    try file.write(header.encoded(), at: 0)
    offset = UInt64(FileHeader.byteCount)
    clear()
  }

  private mutating func clear() {
    chunk.removeAll(keepingCapacity: true)
    chunk.append(contentsOf: repeatElement(0, count: Self.chunkHeaderBytes))
  }

  /// Adds bytes to the content.
  public mutating func append(_ bytes: some Collection<UInt8>) throws(StorageError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let part = rest.prefix(Self.chunkBytes + Self.chunkHeaderBytes - chunk.count)
      chunk.append(contentsOf: part)
      rest = rest.dropFirst(part.count)
      if chunk.count == Self.chunkBytes + Self.chunkHeaderBytes { try flush() }
    }
  }

  private mutating func flush() throws(StorageError) {
    let crc = chunk.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[Self.chunkHeaderBytes...])) }
    withUnsafeBytes(of: crc.littleEndian) { chunkCRCs.update($0) }
    try put(length: chunk.count - Self.chunkHeaderBytes, crc: crc)
  }

  private mutating func put(length: Int, crc: UInt32) throws(StorageError) {
    chunk.withUnsafeMutableBytes { bytes in
      bytes.store(UInt32(length), at: 0)
      bytes.store(crc, at: 4)
    }
    try file.write(chunk, at: offset)
    offset += UInt64(chunk.count)
    clear()
  }

  mutating func finish() throws(StorageError) {
    if chunk.count > Self.chunkHeaderBytes { try flush() }
    try put(length: 0, crc: chunkCRCs.value)
    try file.sync()
  }
}
