import Glibc
import Journal
import Synchronization

/// A directory of the file system whose segments can no longer be synced once `breakSyncs` was called, as those of a disk that
/// loses writes.
final class FailingStorage: Storage {
  private let storage: PosixStorage
  private let fault = Fault()

  /// Seen by every file, those that are open already, too.
  fileprivate final class Fault: Sendable {
    let isThere = Atomic(false)
  }

  init(root: String) throws(StorageError) { storage = try PosixStorage(root: root) }

  func breakSyncs() { fault.isThere.store(true, ordering: .sequentiallyConsistent) }

  func makeDirectory(_ path: String) throws(StorageError) { try storage.makeDirectory(path) }
  func open(_ path: String, _ mode: StorageMode) throws(StorageError) -> any StorageFile {
    let file = try storage.open(path, mode)
    return path.hasPrefix("segments/") ? FailingFile(file: file, path: path, fault: fault) : file
  }
  func list(_ directory: String) throws(StorageError) -> [String] { try storage.list(directory) }
  func rename(_ from: String, to: String) throws(StorageError) { try storage.rename(from, to: to) }
  func remove(_ path: String) throws(StorageError) { try storage.remove(path) }
  func removeDirectory(_ path: String) throws(StorageError) { try storage.removeDirectory(path) }
  func syncDirectory(_ path: String) throws(StorageError) { try storage.syncDirectory(path) }
  func persist(_ paths: [String]) throws(StorageError) { try storage.persist(paths) }
  func lock(_ path: String) throws(StorageError) -> any StorageFile { try storage.lock(path) }
}

private struct FailingFile: StorageFile {
  let file: any StorageFile
  let path: String
  let fault: FailingStorage.Fault

  func size() throws(StorageError) -> UInt64 { try file.size() }
  func permissions() throws(StorageError) -> UInt16 { try file.permissions() }
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(StorageError) -> Int {
    try file.read(into: buffer, at: offset)
  }
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StorageError) {
    try file.write(bytes, at: offset)
  }
  func truncate(to size: UInt64) throws(StorageError) { try file.truncate(to: size) }
  func sync() throws(StorageError) {
    guard !fault.isThere.load(ordering: .sequentiallyConsistent) else {
      throw StorageError(function: "fdatasync", path: path, number: EIO)
    }
    try file.sync()
  }
  func beginWriteback(below offset: UInt64) { file.beginWriteback(below: offset) }
}
