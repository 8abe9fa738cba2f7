/// A file seen through a buffer that moves forward: large reads, and any stretch of bytes in one piece.
final class ReadWindow {
  static let readAheadBytes = 1 << 20

  private let file: any StorageFile
  private var buffer: UnsafeMutableRawBufferPointer
  private var start: UInt64 = 0
  private var count = 0

  init(file: any StorageFile) {
    self.file = file
    buffer = .allocate(byteCount: Self.readAheadBytes, alignment: 4096)
  }

  deinit { buffer.deallocate() }

  /// Up to `count` bytes from `offset`, fewer only at the end of the file; valid until the next call.
  func bytes(at offset: UInt64, count wanted: Int) throws(StorageError) -> UnsafeRawBufferPointer {
    if offset < start || offset + UInt64(wanted) > start + UInt64(count) { try load(offset, wanted) }
    let from = Int(offset - start)
    return UnsafeRawBufferPointer(rebasing: buffer[from..<min(count, from + wanted)])
  }

  private func load(_ offset: UInt64, _ wanted: Int) throws(StorageError) {
    if buffer.count < wanted {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted + Self.readAheadBytes, alignment: 4096)
      buffer.deallocate()
      buffer = larger
    }
    count = 0
    start = offset
    count = try file.read(into: buffer, at: offset)
  }
}
