/// A snapshot's content, read chunk by chunk. Each chunk is checked again as it is read.
public final class SnapshotReader {
  static let magic: [UInt8] = Array("GHSNAP\r\n".utf8)
  static let maximumChunkBytes = 16 << 20

  /// The state is that after all entries below this index.
  public let index: UInt64
  public let timeMilliseconds: Int64
  let journal: JournalID
  private let window: ReadWindow
  private let contentOffset: UInt64

  init(file: any StorageFile) throws(BatchFault) {
    window = ReadWindow(file: file)
    let start: UnsafeRawBufferPointer
    do { start = try window.bytes(at: 0, count: FileHeader.maximumByteCount) } catch { throw .storage(error) }
    let (header, count) = try FileHeader.decode(start, magic: Self.magic)
    index = header.index
    timeMilliseconds = header.timeMilliseconds
    journal = header.journal
    contentOffset = UInt64(count)
  }

  /// Reads all of it and checks every byte.
  func check() throws(BatchFault) { try walk { _ in } }

  /// Hands out the content in order, in pieces that are valid only during the call.
  /// - Throws: `.damaged` if the file has changed since it was found good, `.storage`.
  public func read(_ body: (UnsafeRawBufferPointer) -> Void) throws(JournalError) {
    do { try walk(body) } catch { throw error.error(file: "snapshot \(index)", offset: contentOffset, index: index) }
  }

  private func walk(_ body: (UnsafeRawBufferPointer) -> Void) throws(BatchFault) {
    var offset = contentOffset
    var crcs = CRC32C()
    while true {
      let header = try bytes(at: offset, SnapshotWriter.chunkHeaderBytes)
      let length = Int(header.integer(at: 0, as: UInt32.self))
      let crc = header.integer(at: 4, as: UInt32.self)
      offset += UInt64(SnapshotWriter.chunkHeaderBytes)
      if length == 0 {
        guard crc == crcs.value else { throw .payload("checksum of checksums") }
        break
      }
      guard length <= Self.maximumChunkBytes else { throw .header("chunk beyond the limit") }
      let chunk = try bytes(at: offset, length)
      guard CRC32C.checksum(chunk) == crc else { throw .payload("checksum") }
      withUnsafeBytes(of: crc.littleEndian) { crcs.update($0) }
      body(chunk)
      offset += UInt64(length)
    }
    guard try upTo(1, at: offset).isEmpty else { throw .payload("bytes after the end") }
  }

  private func bytes(at offset: UInt64, _ count: Int) throws(BatchFault) -> UnsafeRawBufferPointer {
    let found = try upTo(count, at: offset)
    guard found.count == count else { throw .short }
    return found
  }

  private func upTo(_ count: Int, at offset: UInt64) throws(BatchFault) -> UnsafeRawBufferPointer {
    do { return try window.bytes(at: offset, count: count) } catch { throw .storage(error) }
  }
}
