import CLinux
import Glibc

/// `StorageFile` on a descriptor, which it owns.
final class PosixFile: StorageFile {
  private let descriptor: Int32
  private let path: String

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  private func status() throws(StorageError) -> stat {
    var status = stat()
    _ = try systemCall("fstat", path) { fstat(descriptor, &status) }
    return status
  }

  func size() throws(StorageError) -> UInt64 { UInt64(try status().st_size) }

  func permissions() throws(StorageError) -> UInt16 { UInt16(try status().st_mode & 0o7777) }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(StorageError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = try systemCall("pread", path) {
        pread(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset) + off_t(done))
      }
      if count == 0 { break }
      done += count
    }
    return done
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StorageError) {
    var done = 0
    while done < bytes.count {
      done += try systemCall("pwrite", path) {
        pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
      }
    }
  }

  func truncate(to size: UInt64) throws(StorageError) {
    _ = try systemCall("ftruncate", path) { ftruncate(descriptor, off_t(size)) }
  }

  func sync() throws(StorageError) {
    _ = try systemCall("fdatasync", path) { fdatasync(descriptor) }
  }

  func beginWriteback(below offset: UInt64) {
    // 0 would mean the whole file.
    if offset > 0 { cl_begin_writeback(descriptor, Int64(offset)) }
  }
}
