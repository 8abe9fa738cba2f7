/// Files below one directory, as the journal needs them. Paths are relative to that directory.
///
/// The contract is POSIX's, with its traps: what was written is visible at once, survives the machine only after `sync` of the file,
/// and a new, renamed or removed name only after `syncDirectory` of its directory. After a failed `sync` nothing is known about the
/// bytes since the last good one, and a later `sync` of the same file proves nothing.
public protocol Storage: Sendable {
  /// Makes the directory and those above it, durably, where they are missing.
  func makeDirectory(_ path: String) throws(StorageError)
  func open(_ path: String, _ mode: StorageMode) throws(StorageError) -> any StorageFile
  /// The names in a directory, in no order; none if it does not exist.
  func list(_ directory: String) throws(StorageError) -> [String]
  /// Gives `from` the name `to`, replacing what had it, atomically.
  func rename(_ from: String, to: String) throws(StorageError)
  func remove(_ path: String) throws(StorageError)
  /// Removes a directory if it is empty and there.
  func removeDirectory(_ path: String) throws(StorageError)
  func syncDirectory(_ path: String) throws(StorageError)
  /// Makes files and the names that lead to them durable, all of them, by whatever way is cheapest.
  func persist(_ paths: [String]) throws(StorageError)
  /// Takes the lock on the file, which holds it until it is closed or the process ends. Throws `.locked` if another has it.
  func lock(_ path: String) throws(StorageError) -> any StorageFile
}

/// How `Storage.open` opens.
public enum StorageMode: Equatable, Sendable {
  case read
  case readWrite
  /// A new file with these permission bits; throws `.exists` if there is one.
  case create(permissions: UInt16)
  /// An empty file, whatever was there.
  case replace
}

/// An open file. Reads and syncs may run on any thread beside one writer; it is closed when the last reference goes.
public protocol StorageFile: Sendable {
  func size() throws(StorageError) -> UInt64
  /// The permission bits.
  func permissions() throws(StorageError) -> UInt16
  /// Reads up to `buffer.count` bytes and says how many; fewer only at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(StorageError) -> Int
  /// Writes all bytes, or throws, in which case any part of them may have been written.
  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(StorageError)
  func truncate(to size: UInt64) throws(StorageError)
  /// Makes the content durable (`fdatasync`).
  func sync() throws(StorageError)
  /// Has what lies below `offset` begin its way to the disk, so that less is left for `sync`. Proves nothing and reports nothing: what
  /// goes wrong on the way the next `sync` throws.
  func beginWriteback(below offset: UInt64)
}

extension Storage {
  /// The whole of a small file, or nil if there is none.
  func contents(of path: String) throws(StorageError) -> [UInt8]? {
    let file: any StorageFile
    do throws(StorageError) { file = try open(path, .read) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    return try file.contents()
  }

  /// Replaces a small file so that after any crash it is the old one or the new one; durable on return.
  func replace(_ path: String, with bytes: some Collection<UInt8>, permissions: UInt16? = nil) throws(StorageError) {
    let temporary = path + ".new"
    if permissions != nil { try removeIfPresent(temporary) }
    let file = try open(temporary, permissions.map { .create(permissions: $0) } ?? .replace)
    try file.write(Array(bytes), at: 0)
    try file.sync()
    try rename(temporary, to: path)
    try syncDirectory(path.directory)
  }

  func removeIfPresent(_ path: String) throws(StorageError) {
    do throws(StorageError) { try remove(path) } catch { if error.code != .notFound { throw error } }
  }
}

extension StorageFile {
  func contents() throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(try size()))
    let count = try read(into: &bytes, at: 0)
    return Array(bytes[..<count])
  }

  func read(into bytes: inout [UInt8], at offset: UInt64) throws(StorageError) -> Int {
    try bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(StorageError) in try read(into: buffer, at: offset) }
    }.get()
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(StorageError) {
    try bytes.withUnsafeBytes { buffer in
      Result { () throws(StorageError) in try write(buffer, at: offset) }
    }.get()
  }
}

extension String {
  /// The path up to its last slash; empty for a plain name.
  var directory: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }
}
